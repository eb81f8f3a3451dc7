DELETE DATA { </id/facility/141003-disaster-base-0009#address> ic:表記 "神奈川県横浜市鶴見区上末吉五丁目24-1" }
