// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.bare;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.platform.api.PlatformNode;

/** Programs for exception levels that the CPUs haven't got, by both loaders. */
class FirstRegistersTest {
  private static final long BASE = 0x4000_0000;
  private static final int MOV_X0 = 0xD280_0000;
  private static final int WFI = 0xD503_207F;
  private static final int SPIN = 0x1400_0000;
  private static final int MRS_CURRENTEL = 0xD538_4240;
  private static final int CBZ_X0 = 0xB400_0040;
  private static final int MSR_SCTLR_EL3 = 0xD51E_1000;
  private static final int MRS_SCR_EL3 = 0xD53E_1100;
  private static final int MSR_VBAR_EL2 = 0xD51C_C000;
  private static final int MSR_VBAR_EL1 = 0xD518_C000;

  private static List<PlatformNode> cpus(Map<String, String> options) {
    return List.of(new PlatformNode("/cpus/cpu@0", "cpu@0", "/cpus", List.of(), List.of(), true, List.of(), List.of(), options));
  }

  private static byte[] code(int... words) {
    ByteBuffer file = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      file.putInt(word);
    }
    return file.array();
  }

  private static BootRequest request(byte[] file, Map<String, String> options) {
    return new BootRequest(file, Optional.empty(), "", List.of(new MemoryRange(BASE, 64 << 20)), List.of(), BootRequest.DEVICE_TREE_LIMIT)
        .withCpus(cpus(options));
  }

  private static void plan(Map<String, String> options, int... words) {
    new FlatBootLoader().plan(request(code(words), options));
  }

  private static String refused(Map<String, String> options, int... words) {
    return assertThrows(BootException.class, () -> plan(options, words)).getMessage();
  }

  @Test
  void firmwareForEl3IsRefusedByName() {
    String why =
        "the program is for EL3: 0x4 bytes behind its entry it writes sctlr_el3, and the CPUs have no EL3. Firmware of that level has"
            + " no board here: start what it would start, such as a kernel, a hypervisor with ⟦el2⟧, or UEFI with ⟦firmware⟧.";
    assertEquals(why, refused(Map.of(), MOV_X0, MSR_SCTLR_EL3, WFI, SPIN));
    assertEquals(why, refused(Map.of("virtualization", "true"), MOV_X0, MSR_SCTLR_EL3, WFI, SPIN));
    assertEquals("the program is for EL3: 0x8 bytes behind its entry it reads scr_el3", refused(Map.of(), 0x1400_0002, WFI, MRS_SCR_EL3,
        SPIN)
        .split(",")[0]);
    assertDoesNotThrow(() -> plan(Map.of("el3", "true"), MOV_X0, MSR_SCTLR_EL3, WFI, SPIN));
  }

  @Test
  void hypervisorsWithoutEl2AreToldTheOption() {
    assertEquals("the program is for EL2: 0x4 bytes behind its entry it writes vbar_el2, and the CPUs have no EL2. Boot with ⟦el2⟧.",
        refused(
            Map.of(), MOV_X0, MSR_VBAR_EL2, WFI, SPIN));
    assertDoesNotThrow(() -> plan(Map.of("virtualization", "true"), MOV_X0, MSR_VBAR_EL2, WFI, SPIN));
    assertDoesNotThrow(() -> plan(Map.of("el2", "true"), MOV_X0, MSR_VBAR_EL2, WFI, SPIN));
  }

  @Test
  void programsThatFindOutWhereTheyAreAreStarted() {
    assertDoesNotThrow(() -> plan(Map.of(), MRS_CURRENTEL, CBZ_X0, MSR_SCTLR_EL3, WFI, SPIN));
    assertDoesNotThrow(() -> plan(Map.of(), MSR_VBAR_EL1, MSR_SCTLR_EL3, WFI, SPIN), "there is a vector table to go to");
    assertDoesNotThrow(() -> plan(Map.of(), SPIN, MSR_SCTLR_EL3));
  }

  @Test
  void elfFilesAreLookedIntoAtTheirEntry() {
    byte[] file = new ElfBytes(0x3000, 2, BASE + 0x10_0008).segment(1, 0x1000, BASE + 0x10_0000, BASE + 0x10_0000, 0x100, 0x100).bytes();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(0x1000, SPIN).putInt(0x1008, MOV_X0).putInt(0x100C, MSR_SCTLR_EL3).putInt(
        0x1010, SPIN);
    ElfBootLoader loader = new ElfBootLoader();
    String why = assertThrows(BootException.class, () -> loader.plan(request(file, Map.of()))).getMessage();
    assertEquals("the program is for EL3: 0x4 bytes behind its entry it writes sctlr_el3", why.split(",")[0]);
    assertDoesNotThrow(() -> loader.plan(request(file, Map.of("el3", "true"))));
  }
}
