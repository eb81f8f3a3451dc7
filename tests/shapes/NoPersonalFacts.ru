INSERT DATA { </id/facility/141003-disaster-base-0009> ic:担当者名 "例 太郎" }
