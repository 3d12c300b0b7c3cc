//! Objects that were corrected and are applied once more.

use super::*;

/// `kubectl apply` puts back what its author wrote and leaves what it does not know of.
#[test]
fn a_slice_put_back_beside_the_corrected_one_goes_again() {
    let wish = Wish { right_size: true, pools: vec![mixed()], ..Wish::default() };
    let first = pod(&json!({"limits": {"nvidia.com/mig-1g.10gb": 1}}), &["--model", "granite"]);
    let (first, _) = corrected(&first, &wish).unwrap();
    for (amounts, told) in [
        (
            json!({"nvidia.com/mig-2g.20gb": 1, "cpu": 2, "nvidia.com/mig-1g.10gb": 1}),
            "nvidia.com/mig-1g.10gb and nvidia.com/mig-2g.20gb",
        ),
        (
            json!({"cpu": 2, "nvidia.com/mig-3g.40gb": 1, "nvidia.com/mig-1g.10gb": 1}),
            "nvidia.com/mig-1g.10gb and nvidia.com/mig-3g.40gb",
        ),
    ] {
        let again = pod(&json!({"limits": amounts, "requests": amounts}), &["--model", "granite"]);
        let (again, changes) = corrected(&again, &wish).unwrap();
        assert_eq!(changes, [format!("spec.containers[0].resources: {told} became nvidia.com/mig-2g.20gb")]);
        let mut resources = again["spec"]["containers"][0]["resources"].clone();
        for side in ["limits", "requests"] {
            assert_eq!(resources[side].as_object_mut().unwrap().shift_remove("cpu"), Some(json!(2)));
            assert_eq!(resources[side], first["spec"]["containers"][0]["resources"]["limits"]);
        }
        assert_eq!(corrected(again.as_object().unwrap(), &wish), None, "once is enough");
    }
    // Without the wish, and where it asks for two of one kind, nobody knows what is meant.
    let two = pod(
        &json!({"limits": {"nvidia.com/mig-2g.20gb": 1, "nvidia.com/mig-1g.10gb": 1}}),
        &["--model", "granite"],
    );
    assert_eq!(corrected(&two, &Wish { right_size: false, ..wish.clone() }), None);
    let two = pod(
        &json!({"limits": {"nvidia.com/mig-2g.20gb": 1, "nvidia.com/mig-1g.10gb": 2}}),
        &["--model", "granite"],
    );
    assert_eq!(corrected(&two, &wish), None);
}
