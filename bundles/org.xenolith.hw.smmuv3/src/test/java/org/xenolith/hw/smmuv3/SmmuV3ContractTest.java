// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import java.util.List;
import java.util.Set;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;

class SmmuV3ContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new SmmuV3Component();
  }

  @Override
  protected PlatformNode node() {
    return Rig.node().build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(SmmuRegister.values());
  }

  /** SMMU architecture specification (IHI 0070), 6.3: what of it this SMMU has. */
  @Override
  protected String manual() {
    return """
        00 IDR0 d44321b 0          # 6.3.1: ST_LEVEL 27, TERM_MODEL 26, STALL_MODEL 24, TTENDIAN 22, VMID16, MSI, ASID16, HYP, COHACC, TTF 3, S1P, S2P
        04 IDR1 54a0010 0          # 6.3.2: ATTR_PERMS_OVR 26, CMDQS and EVENTQS 10, SIDSIZE 16
        08 IDR2 0 0
        0C IDR3 400 0              # 6.3.4: RIL 10
        10 IDR4 0 0
        14 IDR5 75 0               # 6.3.6: GRAN64K, 16K, 4K, OAS 48 bits
        18 IIDR 43b 0
        1C AIDR 0 0
        20 CR0 0 d                 # 6.3.9: CMDQEN 3, EVENTQEN 2, SMMUEN 0
        24 CR0ACK 0 0
        28 CR1 0 fff
        2C CR2 0 7                 # 6.3.12: PTM, RECINVSID, E2H
        40 STATUSR 0 0
        44 GBPA 1000 1f3f1f        # 6.3.14: ABORT 20, INSTCFG, PRIVCFG, SHCFG 13:12, ALLOCCFG 11:8, MTCFG 4, MemAttr 3:0
        48 AGBPA 0 0
        50 IRQ_CTRL 0 5            # 6.3.16: EVENTQ 2, GERROR 0
        54 IRQ_CTRLACK 0 0
        60 GERROR 0 0
        64 GERRORN 0 b5            # 6.3.19: messages 7, 5, 4, EVENTQ_ABT 2, CMDQ 0
        68 GERROR_IRQ_CFG0 0 ffffffffffffc wide
        70 GERROR_IRQ_CFG1 0 ffffffff
        74 GERROR_IRQ_CFG2 0 3f
        80 STRTAB_BASE 0 400fffffffffffc0 wide
        88 STRTAB_BASE_CFG 0 307ff # 6.3.25: FMT 17:16, SPLIT 10:6, LOG2SIZE 5:0
        90 CMDQ_BASE 0 400fffffffffffff wide
        98 CMDQ_PROD 0 fffff
        9C CMDQ_CONS 0 7f0fffff    # 6.3.28: ERR 30:24, RD 19:0
        A0 EVENTQ_BASE 0 400fffffffffffff wide
        B0 EVENTQ_IRQ_CFG0 0 ffffffffffffc wide
        B8 EVENTQ_IRQ_CFG1 0 ffffffff
        BC EVENTQ_IRQ_CFG2 0 3f
        100A8 EVENTQ_PROD 0 800fffff
        100AC EVENTQ_CONS 0 800fffff
        """;
  }

  /** A write counts with a bit that reads zero only. */
  @Override
  protected Set<? extends Register> computed() {
    return Set.of(SmmuRegister.GBPA);
  }
}
