DELETE DATA { </id/plan/kanmin-data-2018/milestone/3-b> dct:bibliographicCitation "横浜市官民データ活用推進計画（素案）第4章3〈スケジュール〉" }
