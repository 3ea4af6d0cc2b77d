// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Translation, faults, syndromes, traps and returns at EL1 and EL0 as another implementation has them. */
class SystemLevelTest {
  private static final int PART = 500;
  /** CRC-32 of each 500 lines that {@link SystemScenarios} prints, from qemu-system-aarch64 7.2.22, Cortex-A57. */
  private static final int[] QEMU = {
      0xBC72_238F, 0x4F66_37E3, 0x76E0_95B5, 0x8D08_B2BF, 0xD0BC_C9FB, 0x4E6F_CBC3, 0xB20C_2703, 0x3BE8_9235,
      0x7C30_4830, 0x9D93_A994, 0x17DB_F1BF, 0x0CFD_046E, 0xE952_62DE, 0x5FDF_7917, 0xE20C_26CB, 0xB629_421C,
      0xA8FE_F2BD, 0x772D_DBA3, 0x38E4_BCED, 0xCA26_6453};

  /** The same of {@link HypervisorScenarios}. */
  private static final int[] QEMU_STAGE_2 = {
      0xBE76_4315, 0x50D5_09FF, 0xAE50_E96F, 0xB296_44B5, 0x1F72_6574, 0x30D5_6540, 0xAE69_407E, 0x7D4F_2535,
      0x28DA_4BC0, 0x9DC5_D895, 0xE426_3B8B, 0xD68E_D509, 0x0FF6_98F1, 0x1DDB_E0F6, 0x4529_4949, 0x2B3D_4008,
      0xDC3D_3918, 0x0D7E_7781, 0x5DB5_543A, 0x6C98_8F4E};

  /** The same of {@link DebugScenarios}. */
  private static final int[] QEMU_DEBUG = {
      0xA5FF_AC63, 0xD799_B89F, 0x29CF_625F, 0x4C1C_6852, 0xE05F_ADC8, 0x7D19_26BF, 0x5F14_BDE7, 0xFDEA_67F6,
      0xEAED_6F7A, 0x39A1_BDC7, 0x7D23_3C2C, 0x49AE_9186, 0xFC9D_C729, 0x59D9_EEDC, 0x7CCF_6596, 0xA834_9737,
      0x86D5_C86A, 0xCA69_75F0, 0x6C65_929E, 0x2D21_B70F};

  @Test
  void scenariosEndAsUnderQemu() {
    compare(QEMU, new SystemScenarios().run(QEMU.length * PART).lines().toList(), "SystemScenarios");
  }

  @Test
  void scenariosBelowAHypervisorEndAsUnderQemu() {
    compare(QEMU_STAGE_2, new HypervisorScenarios().run(QEMU_STAGE_2.length * PART).lines().toList(), "HypervisorScenarios");
  }

  @Test
  void debuggedScenariosEndAsUnderQemu() {
    compare(QEMU_DEBUG, new DebugScenarios().run(QEMU_DEBUG.length * PART).lines().toList(), "DebugScenarios");
  }

  private static void compare(int[] expected, List<String> lines, String name) {
    assertEquals(expected.length * PART + 1, lines.size(), () -> "last line: " + lines.getLast());
    for (int part = 0; part < expected.length; part++) {
      CRC32 sum = new CRC32();
      for (String line : lines.subList(part * PART, (part + 1) * PART)) {
        sum.update((line + '\n').getBytes(StandardCharsets.ISO_8859_1));
      }
      assertEquals(expected[part], (int) sum.getValue(), "scenarios %d to %d: compare with QEMU line by line, see %s"
          .formatted(part * PART, (part + 1) * PART - 1, name));
    }
    assertEquals(".", lines.getLast());
  }
}
