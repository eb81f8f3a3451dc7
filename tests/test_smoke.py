"""The embedded data sets are found."""

from loaders.datasets import all_data_sets


def test_every_folder_names_its_data_sets() -> None:
    assert {"areas", "towns", "population-ward-month", "disaster-shelters"} <= set(all_data_sets())
