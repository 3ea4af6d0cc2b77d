// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.its;

import java.util.List;
import java.util.random.RandomGenerator;
import org.xenolith.arm.api.LpiPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** The contract; between two accesses a driver starts the ITS, commands of any kind are announced, and messages arrive. */
class ItsContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new ItsComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/intc@8000000/its@8080000").compatible("arm,gic-v3-its").window(0x808_0000, 0x2_0000).build();
  }

  @Override
  protected int cpus() {
    return 2;
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(ItsRegister.values());
  }

  /** GIC architecture specification (IHI 0069), 12.19, ITS register descriptions. */
  @Override
  protected String manual() {
    return """
        0000 GITS_CTLR 80000000 1                 # Quiescent 31, Enabled 0
        0004 GITS_IIDR 43b 0                      # Arm
        0008 GITS_TYPER 1f0001ef71 0 wide         # CIL 36, CIDbits 35:32, Devbits 17:13, ID_bits 12:8, ITT_entry_size 7:4, Physical 0
        0080 GITS_CBASER 0 b8effffffffffcff wide  # Valid 63, InnerCache 61:59, OuterCache 55:53, address 51:12, Shareability 11:10, Size 7:0
        0088 GITS_CWRITER 0 fffe0 wide            # Offset 19:5
        0090 GITS_CREADR 0 0 wide
        0100 GITS_BASER0 0107000000000200 f8e0ffffffffffff wide  # Indirect 62; Type 58:56 devices, Entry_size 52:48 8 bytes, 64 KiB
        0108 GITS_BASER1 0407000000000200 b8e0ffffffffffff wide  # Type 58:56 collections
        0110 GITS_BASER2 0 0 wide
        0118 GITS_BASER3 0 0 wide
        0120 GITS_BASER4 0 0 wide
        0128 GITS_BASER5 0 0 wide
        0130 GITS_BASER6 0 0 wide
        0138 GITS_BASER7 0 0 wide
        FFD0 GITS_PIDR4 44 0                      # identification registers of the GIC architecture
        FFD4 GITS_PIDR5 0 0
        FFD8 GITS_PIDR6 0 0
        FFDC GITS_PIDR7 0 0
        FFE0 GITS_PIDR0 94 0
        FFE4 GITS_PIDR1 b4 0
        FFE8 GITS_PIDR2 3b 0                      # ArchRev 7:4: GICv3
        FFEC GITS_PIDR3 0 0
        FFF0 GITS_CIDR0 d 0
        FFF4 GITS_CIDR1 f0 0
        FFF8 GITS_CIDR2 5 0
        FFFC GITS_CIDR3 b1 0
        10040 GITS_TRANSLATER 0 0                 # for bus masters
        """;
  }

  @Override
  protected void outsideInput(FakeContext context, RandomGenerator random) {
    if (!context.claimed(0)) {
      return;
    }
    context.port("/intc@8000000", LpiPort.class).connect(random.nextInt(8) == 0 ? null : new RecordingRedistributors(2));
    ItsDriver driver = new ItsDriver(context);
    switch (random.nextInt(4)) {
      case 0 -> {
        context.write(0, 0, 4, 0);
        driver.start().mapd(1, 4, ItsDriver.ITT).mapc(0, 0).mapc(1, 1);
      }
      case 1 -> {
        for (int i = 0; i < 2048; i++) {
          driver.queue(random.nextLong(2) << 32 | 1 + random.nextInt(15), (8192L + random.nextInt(4)) << 32 | random.nextInt(4),
              (random.nextBoolean() ? ItsDriver.VALID : 0) | random.nextInt(4), random.nextLong());
        }
        context.write(0, 0x88, 4, random.nextInt(2048) * 32);
      }
      default -> context.message(0, random.nextInt(4) - 1, random.nextInt(8) == 0 ? 0x40 : 0x1_0040, random.nextInt(8));
    }
  }
}
