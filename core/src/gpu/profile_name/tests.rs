use super::*;

#[test]
fn every_name_of_the_grammar_survives_the_round_trip() {
    let mut names = 0;
    for slices in 1..=8 {
        for compute in (1..slices).map(Some).chain([None]) {
            for nominal_gb in [0, 5, 10, 79, 141, 278] {
                for extra in Extra::ALL {
                    let name = ProfileName { slices, nominal_gb, extra, compute };
                    assert_eq!(ProfileName::parse(&name.to_string()), Ok(name));
                    let resource = name.resource_name();
                    assert_eq!(ProfileName::from_resource_name(&resource), Ok(name));
                    names += 1;
                }
            }
        }
    }
    assert_eq!(names, 36 * 6 * 5);
}

#[test]
fn prints_as_the_tools_do() {
    for (text, resource) in [
        ("1g.10gb+me", "nvidia.com/mig-1g.10gb.me"),
        ("1g.24gb+me.all", "nvidia.com/mig-1g.24gb.me.all"),
        ("1g.24gb-me", "nvidia.com/mig-1g.24gb-me"),
        ("1g.24gb+gfx", "nvidia.com/mig-1g.24gb.gfx"),
        ("7g.79gb", "nvidia.com/mig-7g.79gb"),
        ("1c.3g.20gb", "nvidia.com/mig-1c.3g.20gb"),
    ] {
        let name = ProfileName::parse(text).unwrap();
        assert_eq!(name.to_string(), text);
        assert_eq!(name.resource_name(), resource);
    }
    let whole = ProfileName::parse("3c.3g.20gb").unwrap();
    assert_eq!(whole.to_string(), "3g.20gb");
}

#[test]
fn says_which_part_is_wrong() {
    for (text, message) in [
        ("", "found nothing, expected slices followed by `g.`, as in `3g.40gb`"),
        ("MIG1g", "found `MIG1g`, expected slices followed by `g.`, as in `3g.40gb`"),
        ("0g.5gb", "found `0g.5gb`, expected slices followed by `g.`, as in `3g.40gb`"),
        ("01g.5gb", "found `01g.5gb`, expected slices followed by `g.`, as in `3g.40gb`"),
        (
            "3g.40",
            "found `3g.40`, expected nominal memory followed by `gb` after the slices, as in `3g.40gb`",
        ),
        (
            "3g.99999gb",
            "found `3g.99999gb`, expected nominal memory followed by `gb` after the slices, as in `3g.40gb`",
        ),
        (
            "1g.5gb+you",
            "found `1g.5gb+you`, expected nothing or one of `+me`, `+me.all`, `-me`, `+gfx` after the memory",
        ),
        (
            "1g.5gb ",
            "found `1g.5gb `, expected nothing or one of `+me`, `+me.all`, `-me`, `+gfx` after the memory",
        ),
        (
            "4c.3g.20gb",
            "found `4c.3g.20gb`, expected from 1 compute slice to as many as the GPU instance has",
        ),
    ] {
        let problem = ProfileName::parse(text).unwrap_err();
        assert_eq!(problem.to_string(), format!("MIG profile: {message}"));
    }
    let problem = ProfileName::from_resource_name("nvidia.com/mig1g.5gb").unwrap_err();
    assert_eq!(
        problem.to_string(),
        "MIG resource: found `nvidia.com/mig1g.5gb`, expected a name such as `nvidia.com/mig-3g.40gb`"
    );
}
