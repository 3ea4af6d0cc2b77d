// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.bare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.platform.api.PlatformNode;

class FlatBootLoaderTest {
  private static final long BASE = 0x4000_0000;
  private static final int MIB = 1 << 20;
  private static final MemoryRange RAM = new MemoryRange(BASE, 512 * MIB);
  private static final int NOP = 0xD503_201F;
  private static final int WFI = 0xD503_207F;
  private final FlatBootLoader loader = new FlatBootLoader();

  /** Code, and behind it zeros. */
  private static byte[] code(int size, int... words) {
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : words) {
      file.putInt(word);
    }
    return file.array();
  }

  private static int branch(int words) {
    return 0x1400_0000 | words & 0x3FF_FFFF;
  }

  private static BootRequest request(byte[] file) {
    return new BootRequest(file, Optional.empty(), "", List.of(RAM), List.of(), BootRequest.DEVICE_TREE_LIMIT);
  }

  private BootPlan plan(byte[] file, OptionalLong address, OptionalLong entry) {
    return loader.plan(request(file).withPlace(address, entry));
  }

  @Test
  void itGoesWhereQemuPutsOneAndFindsTheTreeBehindIt() {
    byte[] file = code(100, WFI, branch(-1));
    BootPlan plan = loader.plan(request(file));
    assertEquals(new MemoryRange(BASE + 0x8_0000, 100), plan.segments().getFirst().range());
    assertEquals(file, plan.segments().getFirst().data());
    assertEquals(new ArmEntry(BASE + 0x8_0000, BASE + 128 * MIB), plan.entry());
    assertEquals(new MemoryRange(BASE + 128 * MIB, BootRequest.DEVICE_TREE_LIMIT), plan.tree().orElseThrow().range());
    assertEquals(List.of(new MemoryRange(BASE, 0x8_0000)), plan.tree().orElseThrow().copies(), "where U-Boot looks");
  }

  /** As QEMU has it: at half of the RAM, at most 128 MiB from its start, behind program and initrd, at a multiple of 2 MiB. */
  @Test
  void theTreeIsBehindWhateverTheSizes() {
    MemoryRange small = new MemoryRange(BASE, 16L * MIB);
    BootPlan plan = loader.plan(new BootRequest(code(100, WFI, branch(-1)), Optional.empty(), "", List.of(small), List.of(),
        BootRequest.DEVICE_TREE_LIMIT));
    assertEquals(BASE + 8 * MIB, plan.tree().orElseThrow().range().base());
    plan = loader.plan(new BootRequest(code(9 * MIB, WFI, branch(-1)), Optional.empty(), "", List.of(small), List.of(),
        BootRequest.DEVICE_TREE_LIMIT));
    assertEquals(BASE + 10 * MIB, plan.tree().orElseThrow().range().base());
    plan = loader.plan(new BootRequest(code(100, WFI, branch(-1)), Optional.of(new byte[5 * MIB + 1]), "", List.of(RAM), List.of(),
        BootRequest.DEVICE_TREE_LIMIT));
    assertEquals(BASE + 134 * MIB, plan.tree().orElseThrow().range().base(), "behind the initrd");
    plan = loader.plan(new BootRequest(code(100, WFI, branch(-1)), Optional.empty(), "", List.of(small), List.of(new MemoryRange(BASE + 8L
        * MIB, 8L * MIB)), BootRequest.DEVICE_TREE_LIMIT));
    assertEquals(BASE + 2 * MIB, plan.tree().orElseThrow().range().base(), "where there is room behind the program");
  }

  @Test
  void theUserMaySayWhereItLiesAndIsEntered() {
    byte[] file = code(100, WFI, branch(-1));
    assertEquals(BASE + 0x12_3450, ((ArmEntry) plan(file, OptionalLong.of(BASE + 0x12_3450), OptionalLong.empty()).entry()).pc());
    assertEquals(BASE + 0x20_0040, ((ArmEntry) plan(file, OptionalLong.of(BASE + 0x20_0000), OptionalLong.of(BASE + 0x20_0040)).entry())
        .pc());
    BootPlan low = plan(file, OptionalLong.of(BASE), OptionalLong.empty());
    assertEquals(BASE, ((ArmEntry) low.entry()).pc());
    assertEquals(BASE + 128 * MIB, ((ArmEntry) low.entry()).x0());
    assertEquals(List.of(), low.tree().orElseThrow().copies(), "the program is there");
    assertEquals(List.of(new MemoryRange(BASE, 0x1_0000)), plan(file, OptionalLong.of(BASE + 0x1_0000), OptionalLong.empty()).tree()
        .orElseThrow().copies());
    refused("no RAM; it has 0x40000000-0x5fffffff", () -> plan(file, OptionalLong.of(0x1000), OptionalLong.empty()));
    refused("Give the machine more memory", () -> plan(file, OptionalLong.of(RAM.end() - 8), OptionalLong.empty()));
    refused("not in the program", () -> plan(file, OptionalLong.empty(), OptionalLong.of(BASE)));
    refused("no multiple of 4", () -> plan(file, OptionalLong.of(BASE + 2), OptionalLong.empty()));
  }

  @Test
  void whatBelongsToItLiesBesideIt() {
    BootPlan plan = loader.plan(new BootRequest(code(3 * MIB, WFI, branch(-1)), Optional.of(new byte[5 * MIB]), "x", List.of(RAM), List
        .of(),
        List.of(new BootModule("kernel", new byte[7], "")), 4096));
    assertEquals(BASE + 128 * MIB, plan.tree().orElseThrow().facts().initrd().orElseThrow().base());
    assertEquals(new MemoryRange(BASE + 134 * MIB, 4096), plan.tree().orElseThrow().range());
    assertEquals(List.of(new MemoryRange(BASE, 4096)), plan.tree().orElseThrow().copies());
    for (BootPlan.Segment one : plan.segments()) {
      assertFalse(one.range().overlaps(plan.tree().orElseThrow().range()));
      assertFalse(one.range().overlaps(plan.tree().orElseThrow().copies().getFirst()));
      assertEquals(1, plan.segments().stream().filter(other -> other.range().overlaps(one.range())).count(), one.name());
    }
    refused("initrd needs 40.0 MiB", () -> loader.plan(new BootRequest(code(8, WFI, branch(-1)), Optional.of(new byte[40 * MIB]), "", List
        .of(new MemoryRange(BASE, 32 * MIB)), List.of(), 4096)));
    refused("no memory", () -> loader.plan(new BootRequest(code(8, WFI), Optional.empty(), "", List.of(), List.of(), 4096)));
  }

  @Test
  void otherFormatsAreLeftToTheirLoaders() {
    assertFalse(loader.recognises(ElfBytes.program(2, BASE).bytes()));
    assertFalse(loader.recognises(ByteBuffer.allocate(64).put(56, "ARMd".getBytes(StandardCharsets.UTF_8)).array()));
    assertFalse(loader.recognises(new byte[] {0x1F, (byte) 0x8B, 8}));
    assertFalse(loader.recognises("MZ\0\0zimg".getBytes(StandardCharsets.UTF_8)));
    assertTrue(loader.recognises(new byte[0]));
  }

  @Test
  void filesThatAreNoProgramsAreRefusedByName() {
    refused("empty", new byte[0]);
    refused("text", "#!/bin/sh\nexit\n".getBytes(StandardCharsets.UTF_8));
    refused("EFI program", ByteBuffer.allocate(99).put("MZ".getBytes(StandardCharsets.UTF_8)).array());
    refused("bzImage", ByteBuffer.allocate(4096).put("MZ".getBytes(StandardCharsets.UTF_8)).put(0x202, "HdrS".getBytes(
        StandardCharsets.UTF_8)).array());
    refused("uImage", ByteBuffer.allocate(4096).putInt(0, 0x27051956).array());
    refused("device tree", ByteBuffer.allocate(99).putInt(0xD00DFEED).array());
    refused("Android", ByteBuffer.allocate(99).put("ANDROID!".getBytes(StandardCharsets.UTF_8)).array());
    refused("compressed", ByteBuffer.allocate(99).putInt(0xFD377A58).put((byte) 'Z').array());
    refused("compressed", ByteBuffer.allocate(99).putInt(0x28B52FFD).array());
  }

  @Test
  void whatDoesNotBeginWithCodeIsNotExecutedUnlessItIsMeant() {
    refused("the word 0x00000000 at offset 0x0 is no instruction", new byte[4096]);
    refused("at offset 0x8 is no instruction", code(100, NOP, branch(1)));
    refused("runs out of the file at offset 0x8", code(8, NOP, NOP));
    refused("runs out of the file at offset 0xfffffffffffffffc", code(8, branch(-1), NOP));
    assertEquals(BASE + 0x8_0004, ((ArmEntry) plan(code(100, 0, branch(0)), OptionalLong.empty(), OptionalLong.of(BASE + 0x8_0004)).entry())
        .pc());
    assertEquals(BASE + 0x8_0000, ((ArmEntry) plan(new byte[4096], OptionalLong.of(BASE + 0x8_0000), OptionalLong.empty()).entry()).pc());
    Random random = new Random(51);
    int passed = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] noise = new byte[4096];
      random.nextBytes(noise);
      try {
        loader.plan(request(noise));
        passed++;
      } catch (BootException refused) {
        assertTrue(refused.getMessage().contains("⟦kernel-address⟧"), refused.getMessage());
      }
    }
    assertTrue(passed < 100, passed + " of 2000 files of noise were taken for code");
  }

  private void refused(String part, byte[] file) {
    refused(part, () -> loader.plan(request(file)));
  }

  private static void refused(String part, Runnable plan) {
    String says = assertThrows(BootException.class, plan::run).getMessage();
    assertTrue(says.contains(part), says);
  }

  /** It isn't read as A64, of which somebody with a PC has never heard. */
  @Test
  void onAPcItSaysWhatAPcIsEnteredWith() {
    PlatformNode cpu = new PlatformNode("/cpus/cpu@0", "cpu@0", "/cpus", List.of(), List.of("xenolith,x86-64"), true, List.of(), List.of(),
        Map.of());
    for (byte[] file : List.of(code(4096, 0x1234), code(64, NOP, WFI, branch(0)))) {
      String said = assertThrows(BootException.class, () -> loader.plan(request(file).withCpus(List.of(cpu)))).getMessage();
      assertTrue(said.startsWith("the file is neither a bzImage nor an ELF file") && !said.contains("A64"), said);
    }
  }
}
