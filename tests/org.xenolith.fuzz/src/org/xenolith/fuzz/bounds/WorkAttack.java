// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.api.ExternalAbort;

/** What one write of a register makes a device do, counted, with any length that a guest can name. */
public final class WorkAttack implements Attack {
  private static final int STEPS = 48;
  /** Alarms that are waited for behind each access: a device goes on in virtual time. */
  private static final int ALARMS = 12;

  @Override
  public String word() {
    return "work";
  }

  @Override
  public String says() {
    return "accesses to fw_cfg, a virtio disk, console, entropy device, SCSI host or network card, flash, NVMe, an ITS, an SMMU, AMD's IOMMU or the back"
        + " end of a PV disk or interface, which the first byte chooses, with memory of any size: requests, chains, rings and queues of commands; what a"
        + " device does in one access, or at one alarm, is counted";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hw.fwcfg.**", "org.xenolith.hw.virtio.**", "org.xenolith.virtio.kit.**", "org.xenolith.hw.its.**",
        "org.xenolith.hw.smmuv3.**", "org.xenolith.hw.flash.cfi.**", "org.xenolith.hw.nvme.**", "org.xenolith.scsi.kit.**",
        "org.xenolith.hw.amdvi.**",
        "org.xenolith.hyp.blkback.**", "org.xenolith.hyp.netback.**");
  }

  @Override
  public List<String> execute(byte[] input) {
    InputBytes bytes = new InputBytes(input);
    WorkingDevice device = WorkingDevice.of(bytes.next());
    List<String> wrong = new ArrayList<>();
    device.work();
    for (int i = 0; i < STEPS && !bytes.end() && wrong.isEmpty(); i++) {
      try {
        device.step(bytes);
      } catch (ExternalAbort e) {
        // An answer like another.
      }
      count(device, "step " + i, wrong);
      for (int k = 0; k < ALARMS && device.waits() && wrong.isEmpty(); k++) {
        device.alarm();
        count(device, "an alarm behind step " + i, wrong);
      }
    }
    return wrong;
  }

  private static void count(WorkingDevice device, String when, List<String> wrong) {
    long work = device.work();
    if (Boolean.getBoolean("xenolith.fuzz.trace")) {
      System.out.println(when + ": " + work);
    }
    if (work > device.most) {
      wrong.add(device.name + ", " + when + ": " + work + " units of work, " + device.most + " are the bound");
    }
  }

  @Override
  public void fresh() {
    // Each input has a device of its own.
  }
}
