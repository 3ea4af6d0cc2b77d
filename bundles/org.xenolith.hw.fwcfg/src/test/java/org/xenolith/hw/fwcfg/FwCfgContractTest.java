// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.fwcfg;

import static org.xenolith.regs.RegisterSpec.at;

import java.util.List;
import java.util.Set;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeNode;

class FwCfgContractTest extends DeviceModelContract {
  /** Data are a stream, which begins with the signature; what DMA's register reads as is its signature. */
  private enum Words implements Register {
    DATA(at(0x0, "data")), DATA_4(at(0x4, "data, second word")), SELECTOR(at(0x8, "selector")), QEMU(at(0x10, "signature").reset(
        0x554D_4551L)), CFG(at(0x14, "signature, second word").reset(0x4746_4320L));

    private final RegisterSpec spec;

    Words(RegisterSpec spec) {
      this.spec = spec;
    }

    @Override
    public RegisterSpec spec() {
      return spec;
    }
  }

  @Override
  protected DeviceModelFactory factory() {
    return new FwCfgComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/fw-cfg@9020000").compatible("qemu,fw-cfg-mmio").window(0x902_0000, 0x18).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(Words.values());
  }

  /** A stream, which a read moves on in. */
  @Override
  protected Set<? extends Register> actingReads() {
    return Set.of(Words.DATA, Words.DATA_4);
  }

  @Override
  protected Set<? extends Register> computed() {
    return Set.of(Words.DATA, Words.DATA_4);
  }
}
