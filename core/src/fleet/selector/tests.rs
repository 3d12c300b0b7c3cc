//! Selectors as they are found in clusters, asked about the catalog.

use super::*;
use crate::gpu::{device, devices};

fn ask(text: &str, label: &str) -> Truth {
    Selector::parse(text).unwrap().admits(&Properties::of(&device(label).unwrap()))
}

#[test]
fn a_profile_is_demanded_by_name() {
    let selector = "device.attributes['gpu.nvidia.com'].profile == '3g.40gb'";
    assert_eq!(ask(selector, "H100-80GB 3g.40gb"), Truth::Yes);
    assert_eq!(ask(selector, "H100-80GB 2g.20gb"), Truth::No);
    assert_eq!(ask(selector, "H100-80GB"), Truth::Fails);
    assert_eq!(ask(selector, "MI300X"), Truth::Fails);
    assert_eq!(Selector::parse(selector).unwrap().demands("profile"), Some("3g.40gb"));
    // Another driver prints another name for the same instance.
    assert_eq!(
        ask("device.attributes[\"gpu.nvidia.com\"][\"profile\"] == \"7g.79gb\"", "A100-80GB 7g.80gb"),
        Truth::Unknown
    );
}

#[test]
fn a_slice_is_as_large_as_it_is_not_as_its_name() {
    let at_least = |amount: &str| {
        format!("device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('{amount}')) >= 0")
    };
    assert_eq!(ask(&at_least("40Gi"), "H100-80GB 3g.40gb"), Truth::No);
    assert_eq!(ask(&at_least("39Gi"), "H100-80GB 3g.40gb"), Truth::Yes);
    // 40,192 MiB under one driver, 40,448 MiB under another.
    assert_eq!(ask(&at_least("40320Mi"), "H100-80GB 3g.40gb"), Truth::Unknown);
    assert_eq!(ask(&at_least("80Gi"), "H100-80GB"), Truth::No);
}

#[test]
fn conditions_are_joined_as_cel_joins_them() {
    let large = "device.capacity['gpu.nvidia.com'].multiprocessors.isGreaterThan(quantity(\"10\"))";
    let a100 = "device.attributes['gpu.nvidia.com'].productName.lowerAscii().matches('^.*a100.*$')";
    assert_eq!(ask(large, "A100-40GB 1g.5gb"), Truth::Yes);
    // The A800 is the same card under another name.
    assert_eq!(ask(&format!("{a100} && {large}"), "A100-40GB 1g.5gb"), Truth::Unknown);
    assert_eq!(ask(&format!("!({a100} && {large})"), "H100-80GB 1g.10gb"), Truth::Yes);
    assert_eq!(ask(&format!("({a100}) || ({large})"), "H100-80GB 1g.10gb"), Truth::Yes);
    assert_eq!(ask(a100, "H100-80GB 1g.10gb"), Truth::No);
    let whole =
        "device.driver == 'gpu.nvidia.com' && device.attributes['gpu.nvidia.com'].type in ['gpu', 'vfio']";
    assert_eq!(ask(whole, "H100-80GB"), Truth::Yes);
    assert_eq!(ask(whole, "H100-80GB 7g.80gb"), Truth::No);
    let hopper = "device.attributes['gpu.nvidia.com'].cudaComputeCapability.compareTo(semver('9.0.0')) >= 0";
    assert_eq!(ask(hopper, "H100-80GB"), Truth::Yes);
    assert_eq!(ask(hopper, "A100-80GB"), Truth::No);
    let uuid = "device.attributes['gpu.nvidia.com'].parentUUID == 'GPU-1'";
    assert_eq!(ask(uuid, "H100-80GB"), Truth::Fails);
    assert_eq!(ask(uuid, "H100-80GB 3g.40gb"), Truth::Unknown);
    // What nobody knows before the device is there leaves the answer open, unless another condition settles it.
    let one = "device.attributes['gpu.nvidia.com'].uuid == 'GPU-1'";
    assert_eq!(ask(one, "H100-80GB"), Truth::Unknown);
    assert_eq!(ask(&format!("{one} && {hopper}"), "A100-80GB"), Truth::No);
    assert_eq!(ask("device.attributes['other.example'].a == 'b' || true", "H100-80GB"), Truth::Yes);
    assert_eq!(ask("has(device.attributes['gpu.nvidia.com'].profile)", "H100-80GB"), Truth::No);
}

#[test]
fn what_is_not_understood_is_said() {
    let read = |text: &str| Selector::parse(text).unwrap_err().to_string();
    let expected = "attributes and capacities of `device`, compared with known values";
    assert_eq!(read(""), format!("CEL selector: found its end, expected {expected}"));
    assert_eq!(read("node.labels"), format!("CEL selector: found `node.labels`, expected {expected}"));
    assert_eq!(
        read("device.driver == 'a' ? 1 : 2"),
        format!("CEL selector: found `? 1 : 2`, expected {expected}")
    );
    assert_eq!(read("device.driver == 'a"), format!("CEL selector: found `'a`, expected {expected}"));
    assert_eq!(
        read("cel.bind(a, device, true)"),
        format!("CEL selector: found `cel.bind(a, device, true)`, expected {expected}")
    );
    assert_eq!(
        read("device.driver.size()"),
        "CEL selector: found `size` of 0 arguments, expected a function that is read here"
    );
    let product = "device.attributes['gpu.nvidia.com'].productName";
    assert_eq!(
        read(&format!("{product}.matches('(')")),
        "CEL selector: found `matches` of \"(\", expected a regular expression that is read here"
    );
    assert_eq!(
        read(&format!("{product}.matches({product})")),
        "CEL selector: found `matches` of something that is no text, expected a regular expression"
    );
    assert_eq!(
        read(&"(".repeat(9000)),
        "CEL selector: found brackets in brackets, expected at most 64 levels"
    );
    assert_eq!(read(&" ".repeat(11_000)), "CEL selector: found 11000 bytes, expected at most 10240 bytes");
}

#[test]
fn a_condition_and_its_contrary_share_the_devices_out() {
    for text in [
        "device.attributes['gpu.nvidia.com'].type == 'mig'",
        "device.attributes['gpu.nvidia.com'].architecture == 'Hopper'",
        "device.capacity['gpu.nvidia.com'].memory.isLessThan(quantity('20Gi'))",
        "device.driver != 'gpu.nvidia.com'",
    ] {
        let (one, other) = (Selector::parse(text).unwrap(), Selector::parse(&format!("!({text})")).unwrap());
        for one_device in devices() {
            let properties = Properties::of(one_device);
            let told = (one.admits(&properties), other.admits(&properties));
            assert!(
                matches!(
                    told,
                    (Truth::Yes, Truth::No)
                        | (Truth::No, Truth::Yes)
                        | (Truth::Unknown, Truth::Unknown)
                        | (Truth::Fails, Truth::Fails)
                ),
                "{text} of {}: {told:?}",
                one_device.label()
            );
        }
    }
}

#[test]
fn properties_that_are_declared_are_all_there_are() {
    let declared = Properties {
        driver: "gpu.nvidia.com".to_owned(),
        attributes: [("profile".to_owned(), vec![Attribute::Text("3g.40gb".to_owned())])].into(),
        capacity: [("memory".to_owned(), vec![40_320 << 20])].into(),
        complete: true,
    };
    let ask = |text: &str| Selector::parse(text).unwrap().admits(&declared);
    assert_eq!(
        ask("device.capacity['gpu.nvidia.com'].memory.compareTo(quantity('40320Mi')) == 0"),
        Truth::Yes
    );
    assert_eq!(ask("device.attributes['gpu.nvidia.com'].uuid == 'x'"), Truth::Fails);
}
