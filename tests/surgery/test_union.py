from tfcompress.surgery.union import Union


def test_sets_that_share_a_member_are_one():
    union = Union()
    union.add(5)
    union.unite([3, 1], [4, 3])
    assert list(union.roots(range(5))) == [0, 1, 2, 1, 1]


def test_new_members_are_alone():
    union = Union()
    union.add(2)
    assert list(union.roots(union.add(2))) == [2, 3]
    assert len(union) == 4
