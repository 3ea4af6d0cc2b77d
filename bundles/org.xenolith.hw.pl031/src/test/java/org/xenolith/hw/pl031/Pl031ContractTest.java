// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl031;

import java.util.List;
import java.util.Set;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeNode;

class Pl031ContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new Pl031Component();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/pl031@9010000").compatible("arm,pl031", "arm,primecell").window(0x901_0000, 0x1000)
        .interrupt("/intc", 0, 2, 4).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(Pl031Register.values());
  }

  @Override
  protected Set<? extends Register> computed() {
    return Set.of(Pl031Register.RTCDR);
  }

  @Override
  protected Set<String> onBattery() {
    return Set.of("base");
  }

  /** Arm DDI 0224C, table 3-1; but RTCCR: it runs from power-on, as firmware leaves it. */
  @Override
  protected String manual() {
    return """
        000 RTCDR        0  0
        004 RTCMR        0  ffffffff
        008 RTCLR        0  ffffffff
        00c RTCCR        1  0
        010 RTCIMSC      0  1
        014 RTCRIS       0  0
        018 RTCMIS       0  0
        01c RTCICR       0  0         # only written
        fe0 RTCPeriphID0 31 0
        fe4 RTCPeriphID1 10 0
        fe8 RTCPeriphID2 14 0         # r1
        fec RTCPeriphID3 0  0
        ff0 RTCPCellID0  0d 0
        ff4 RTCPCellID1  f0 0
        ff8 RTCPCellID2  05 0
        ffc RTCPCellID3  b1 0
        """;
  }
}
