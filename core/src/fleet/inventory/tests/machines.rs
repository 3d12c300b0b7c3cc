//! `nvidia-smi` and mig-parted files.

use super::*;

const SMI_L: &str = "\
GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5c89852c-d268-c3f3-1b07-005d5ae1dc3f)
  MIG 3g.20gb     Device  0: (UUID: MIG-7089d0f3-293f-58c9-8f8c-5ea666eedbde)
  MIG 2g.10gb     Device  1: (UUID: MIG-56c30729-347f-5dd6-8da0-c3cc59e969e0)
  MIG 1c.3g.20gb  Device  2: (UUID: MIG-9d14fb21-4ae1-546f-a636-011582899c39)
GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-4404041a-04cf-1ccf-9e70-f139a9b1e23c)
";

#[test]
fn nvidia_smi_lists_gpus_and_devices() {
    let inventory = from_smi(catalog(), "here", SMI_L);
    assert_eq!(
        lines(&inventory),
        [
            "here: 1 x nvidia.com/gpu (a100-40gb whole) 40537 MiB, measured",
            "here: 1 x nvidia.com/mig-1c.3g.20gb (a100-40gb 1c.3g.20gb) 19968 MiB, measured",
            "here: 1 x nvidia.com/mig-2g.10gb (a100-40gb 2g.10gb) 9856 MiB, measured",
            "here: 1 x nvidia.com/mig-3g.20gb (a100-40gb 3g.20gb) 19968 MiB, measured",
        ]
    );
    let card = crate::gpu::find("A100-40GB").unwrap();
    assert_eq!(
        inventory.nodes[0].gpus[0].layout(card).unwrap_err().to_string(),
        "GPU 0: found `2g.10gb` without a start, expected the starts of all instances"
    );
}

const SMI_LGI: &str = "\
+-------------------------------------------------------+
| GPU instances:                                        |
| GPU   Name             Profile  Instance   Placement  |
|                          ID       ID       Start:Size |
|=======================================================|
|   0  MIG 1g.5gb          19       13          6:1     |
+-------------------------------------------------------+
|   0  MIG 2g.10gb         14        3          0:2     |
+-------------------------------------------------------+
|   0  MIG 3g.20gb          9        2          4:4     |
+-------------------------------------------------------+
";

#[test]
fn nvidia_smi_lists_instances_with_their_starts() {
    let text = format!("GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5c)\n{}", SMI_LGI.replace("6:1", "2:1"));
    let inventory = from_smi(catalog(), "here", &text);
    let card = crate::gpu::find("A100-40GB").unwrap();
    let layout = inventory.nodes[0].gpus[0].layout(card).unwrap();
    assert_eq!(layout.to_string(), "2g.10gb@0, 1g.5gb@2, 3g.20gb@4");
    let free: Vec<String> = layout.creatable().iter().map(ToString::to_string).collect();
    assert_eq!(free, ["1g.5gb@3", "1g.5gb+me@3"]);
    assert_eq!(inventory.nodes[0].offers.len(), 3);
    let overlapping = from_smi(catalog(), "here", SMI_LGI);
    let problem = overlapping.nodes[0].gpus[0].layout(card).unwrap_err();
    assert_eq!(problem.code, "no-placement");
}

const SMI_LGIP: &str = "\
|   0  MIG 1g.18gb         19     5/7        16.00      No     16     1     0   |
|                                                              1     1     0   |
|   0  MIG 1g.18gb+me      20     1/1        16.00      No     16     1     0   |
|   0  MIG 3g.71gb          9     1/2        69.50      No     60     3     0   |
";

#[test]
fn nvidia_smi_lists_profiles() {
    let inventory = from_smi(catalog(), "here", SMI_LGIP);
    let rows = &inventory.nodes[0].gpus[0].profiles;
    assert_eq!(rows.len(), 3);
    assert_eq!((rows[2].smi_id, rows[2].free, rows[2].total, rows[2].sms), (9, 1, 2, 60));
    assert_eq!(rows[2].memory, Bytes::from_mib(71_168));
    assert_eq!(
        problems(&from_smi(catalog(), "here", "No devices were found")),
        ["here: found no GPU in the text, expected the output of `nvidia-smi -L`, `mig -lgi` or `mig -lgip`"]
    );
}

fn parted() -> Value {
    json!({"version": "v1", "mig-configs": {
        "all-balanced": [
            {"device-filter": ["0x20B010DE"], "devices": "all", "mig-enabled": true,
             "mig-devices": {"1g.5gb": 2, "2g.10gb": 1, "3g.20gb": 1}},
            {"device-filter": "0x20B710DE", "devices": "all", "mig-enabled": true,
             "mig-devices": {"1g.6gb": 2, "2g.12gb": 1}}],
        "half": [
            {"devices": [0], "mig-enabled": true, "mig-devices": {"7g.40gb": 1}},
            {"devices": [1], "mig-enabled": false}],
        "too-much": [{"devices": "all", "mig-enabled": true, "mig-devices": {"3g.20gb": 3}}],
    }})
}

#[test]
fn mig_parted_says_what_a_node_will_offer() {
    let read = |choice, card| from_mig_parted(catalog(), &parted(), choice, card, 2);
    assert_eq!(
        lines(&read("all-balanced", "A100-40GB").unwrap()),
        [
            "all-balanced: 4 x nvidia.com/mig-1g.5gb (a100-40gb 1g.5gb) 4864 MiB, measured",
            "all-balanced: 2 x nvidia.com/mig-2g.10gb (a100-40gb 2g.10gb) 9856 MiB, measured",
            "all-balanced: 2 x nvidia.com/mig-3g.20gb (a100-40gb 3g.20gb) 19968 MiB, measured",
        ]
    );
    assert_eq!(read("all-balanced", "A30").unwrap().nodes[0].offers.len(), 2);
    assert_eq!(
        lines(&read("half", "A100-40GB").unwrap()),
        [
            "half: 1 x nvidia.com/gpu (a100-40gb whole) 40537 MiB, measured",
            "half: 1 x nvidia.com/mig-7g.40gb (a100-40gb 7g.40gb) 40192 MiB, measured",
        ]
    );
    assert_eq!(
        read("too-much", "A100-40GB").unwrap_err().to_string(),
        "too-much on A100-40GB: found 3g.20gb, 3g.20gb, 3g.20gb, expected instances that fit together"
    );
    assert_eq!(
        read("balanced", "A100-40GB").unwrap_err().to_string(),
        "mig-parted file: found no configuration `balanced`, expected all-balanced, half, too-much"
    );
}
