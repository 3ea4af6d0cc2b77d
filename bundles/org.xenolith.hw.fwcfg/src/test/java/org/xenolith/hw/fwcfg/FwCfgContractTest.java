// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.fwcfg;

import static org.xenolith.regs.RegisterSpec.at;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.RegisterRow;

class FwCfgContractTest extends DeviceModelContract {
  /** Data are a stream, which begins with the signature; what DMA's register reads as is its signature. */
  private static final List<RegisterRow> DATA = List.of(new RegisterRow("DATA", at(0x0, "data")), new RegisterRow("DATA_4", at(0x4,
      "data, second word")));
  private static final List<RegisterRow> OTHERS = List.of(new RegisterRow("SELECTOR", at(0x8, "selector")), new RegisterRow("QEMU", at(0x10,
      "signature").reset(0x554D_4551L)), new RegisterRow("CFG", at(0x14, "signature, second word").reset(0x4746_4320L)));

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
    return Stream.of(DATA, OTHERS).flatMap(List::stream).toList();
  }

  /** A stream, which a read moves on in. */
  @Override
  protected Set<? extends Register> actingReads() {
    return Set.copyOf(DATA);
  }

  @Override
  protected Set<? extends Register> computed() {
    return Set.copyOf(DATA);
  }
}
