// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers of an NVMe controller at the start of BAR 0 (NVM Express 1.4, 3.1). */
enum NvmeRegister implements Register {
  /**
   * What the controller can: 1024 entries a queue, queues contiguous, ready within 10 s, doorbells every 4 bytes, the NVM
   * command set, pages of 4 to 64 KiB.
   */
  CAP(at(0x00, "3.1.1").wide().reset(SubmissionQueues.ENTRIES - 1 | 1 << 16 | 20 << 24 | 1L << 37
      | (long) HostData.LARGEST_PAGE << 52)),
  /** Version 1.4. */
  VS(at(0x08, "3.1.2").reset(0x0001_0400)),
  /** Masks interrupt vectors. */
  INTMS(at(0x0C, "3.1.3")),
  /** Unmasks interrupt vectors. */
  INTMC(at(0x10, "3.1.4")),
  /** Configuration. */
  CC(at(0x14, "3.1.5").rw(0x00FF_FFF1)),
  /** Status. */
  CSTS(at(0x1C, "3.1.6")),
  /** Subsystem reset; CAP says that there is none. */
  NSSR(at(0x20, "3.1.7")),
  /** Sizes of the admin queues. */
  AQA(at(0x24, "3.1.8").rw(0x0FFF_0FFF)),
  /** Address of the admin submission queue. */
  ASQ(at(0x28, "3.1.9").wide().rw(~0xFFFL)),
  /** Address of the admin completion queue. */
  ACQ(at(0x30, "3.1.10").wide().rw(~0xFFFL)),
  /** Where the memory buffer is; there is none. */
  CMBLOC(at(0x38, "3.1.11")),
  /** Its size. */
  CMBSZ(at(0x3C, "3.1.12")),
  /** Boot partitions; there are none. */
  BPINFO(at(0x40, "3.1.13")),
  /** Boot partition read. */
  BPRSEL(at(0x44, "3.1.14")),
  /** Boot partition memory. */
  BPMBL(at(0x48, "3.1.15").wide()),
  /** Memory buffer control. */
  CMBMSC(at(0x50, "3.1.16").wide()),
  /** Memory buffer status. */
  CMBSTS(at(0x58, "3.1.17"));

  private final RegisterSpec spec;

  NvmeRegister(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
