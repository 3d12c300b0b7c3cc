//! What an API server makes of an object by the patch of an admission response: base64, RFC 6902.

use serde_json::Value;

/// `object` with the operations of `patch`: `add`, `remove` and `replace`, which is what hosts write.
pub(crate) fn applied(object: &Value, patch: &str) -> Value {
    let mut object = object.clone();
    let operations: Vec<Value> = serde_json::from_slice(&decoded(patch)).unwrap();
    for operation in operations {
        let path = operation["path"].as_str().unwrap();
        let (parent, last) = path.rsplit_once('/').unwrap();
        let last = last.replace("~1", "/").replace("~0", "~");
        let place = object.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}"));
        match (operation["op"].as_str().unwrap(), place) {
            ("add" | "replace", Value::Object(map)) => drop(map.insert(last, operation["value"].clone())),
            ("remove", Value::Object(map)) => assert!(map.remove(&last).is_some(), "no {path}"),
            ("add", Value::Array(list)) => list.insert(last.parse().unwrap(), operation["value"].clone()),
            ("replace", Value::Array(list)) => {
                list[last.parse::<usize>().unwrap()] = operation["value"].clone()
            }
            ("remove", Value::Array(list)) => drop(list.remove(last.parse().unwrap())),
            (other, _) => panic!("{other} at {path}"),
        }
    }
    object
}

fn decoded(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        bits = bits << 6 | u32::from(digit(byte));
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}

#[test]
fn a_patch_is_read_as_it_is_written() {
    assert_eq!(decoded("aGVsbG8="), b"hello");
    // [{"op":"replace","path":"/a~1b","value":2},{"op":"add","path":"/c/1","value":3},{"op":"remove","path":"/d"}]
    let patch = "W3sib3AiOiJyZXBsYWNlIiwicGF0aCI6Ii9hfjFiIiwidmFsdWUiOjJ9LHsib3AiOiJhZGQiLCJwYXRoIjoiL2MvMSIsInZhbHVlIjozfSx7Im9wIjoicmVtb3ZlIiwicGF0aCI6Ii9kIn1d";
    let object = serde_json::json!({"a/b": 1, "c": [1, 2], "d": 4});
    assert_eq!(applied(&object, patch), serde_json::json!({"a/b": 2, "c": [1, 3, 2]}));
}
