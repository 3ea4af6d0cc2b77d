// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.arm64;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.cpu.api.CpuDescription;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.PlatformNode;

class Arm64BootLoaderTest {
  private static final int MIB = 1 << 20;
  private static final long GIB = 1L << 30;
  private static final MemoryRange RAM = new MemoryRange(GIB, 512 * MIB);
  private final Arm64BootLoader loader = new Arm64BootLoader();

  @Test
  void laysOutTheUsualWay() {
    BootPlan plan = loader.plan(request(KernelFile.of(MIB, 33 * MIB).bytes(), 3 * MIB, RAM));
    assertEquals(GIB + 2 * MIB, ((ArmEntry) plan.entry()).pc());
    assertEquals(new MemoryRange(GIB + 128 * MIB, 3 * MIB), plan.tree().orElseThrow().facts().initrd().get());
    assertEquals(GIB + 132 * MIB, plan.tree().orElseThrow().range().base());
    assertEquals(new ArmEntry(GIB + 2 * MIB, GIB + 132 * MIB), plan.entry());
    assertEquals("console=ttyAMA0", plan.tree().orElseThrow().facts().bootArguments());
    assertEquals(List.of(RAM), plan.tree().orElseThrow().facts().memory());
  }

  @Test
  void entersTheImageAtItsTextOffset() {
    BootPlan plan = loader.plan(request(new KernelFile(4096, 0x80000, MIB, KernelFile.ANYWHERE).bytes(), 0, RAM));
    assertEquals(GIB + 2 * MIB + 0x80000, ((ArmEntry) plan.entry()).pc());
  }

  @Test
  void putsAKernelThatWantsTheStartOfRamThere() {
    BootPlan plan = loader.plan(request(new KernelFile(4096, 0x80000, MIB, 2).bytes(), 0, RAM));
    assertEquals(GIB + 0x80000, ((ArmEntry) plan.entry()).pc());
  }

  @Test
  void refusesKernelsWhosePagesNoCpuTranslates() {
    byte[] four = new KernelFile(4096, 0, MIB, 0xa).bytes();
    byte[] sixteen = new KernelFile(4096, 0, MIB, 0xc).bytes();
    byte[] sixtyFour = new KernelFile(4096, 0, MIB, 0xe).bytes();
    byte[] unsaid = new KernelFile(4096, 0, MIB, 8).bytes();
    assertEquals("the kernel is made for pages of 16 KiB (flags of its header), and the CPUs have granules of 4k only: it would stop"
        + " before its first word. Boot with ⟦granules⟧ 4k,16k, or take a kernel with smaller pages.", refusal(sixteen, "4k"));
    assertTrue(refusal(KernelFile.gzip(sixtyFour), "4k,16k").contains("⟦granules⟧ 4k,16k,64k"));
    assertTrue(refusal(four, "64k").contains("pages of 4 KiB"));
    loader.plan(request(sixteen, 0, RAM).withCpus(cpus("4k,16k")));
    loader.plan(request(unsaid, 0, RAM).withCpus(cpus("4k")));
    loader.plan(request(sixteen, 0, RAM));
    BootRequest xen = request(four, 0, RAM).withCpus(cpus("4k"));
    assertTrue(assertThrows(BootException.class, () -> loader.plan(xen.withModules(List.of(new BootModule("domU1/kernel", sixtyFour, "")))))
        .getMessage().startsWith("the module domU1/kernel is made for pages of 64 KiB"));
    loader.plan(xen.withModules(List.of(new BootModule("kernel", new byte[100], ""), new BootModule("ramdisk", sixtyFour, ""))));
  }

  /** Without the option a CPU has the granules that its description has, in which way it was named. */
  @Test
  void aCpuThatIsNamedHasTheGranulesOfItsDescription() {
    byte[] sixteen = new KernelFile(4096, 0, MIB, 0xc).bytes();
    byte[] sixtyFour = new KernelFile(4096, 0, MIB, 0xe).bytes();
    Arm64BootLoader knowing = new Arm64BootLoader() {
      @Override
      protected List<CpuDescription> described() {
        return List.of(new Described("acme", "0x22"), new Described("wrong", "0xG"));
      }
    };
    PlatformNode byOption = cpu(Map.of("cpu", "acme"));
    PlatformNode byProperty = cpu(Map.of(), FdtProperty.ofStrings("xenolith,cpu", "acme"));
    for (PlatformNode named : List.of(byOption, byProperty)) {
      knowing.plan(request(sixtyFour, 0, RAM).withCpus(List.of(named)));
      assertTrue(refusal(knowing, sixteen, named).contains("granules of 4k,64k only"));
    }
    assertTrue(refusal(knowing, sixtyFour, cpu(Map.of("cpu", "acme", "granules", "4k"))).contains("granules of 4k only"));
    assertTrue(refusal(knowing, sixtyFour, cpu(Map.of())).contains("granules of 4k only"));
    // Whose description went, or became wrong, since the machine was made isn't known
    knowing.plan(request(sixtyFour, 0, RAM).withCpus(List.of(cpu(Map.of("cpu", "gone")))));
    knowing.plan(request(sixtyFour, 0, RAM).withCpus(List.of(cpu(Map.of("cpu", "wrong")))));
  }

  /** A CPU with this ID_AA64MMFR0_EL1. */
  private record Described(String name, String memory) implements CpuDescription {
    @Override
    public String place() {
      return name + ".cpu";
    }

    @Override
    public String text() {
      return """
          xenolith-cpu 1
          instructions a64
          summary Any
          register MIDR_EL1 0x410FD034
          register ID_AA64PFR0_EL1 0x11
          register ID_AA64DFR0_EL1 0x10305006
          register ID_AA64MMFR0_EL1 %s
          register CTR_EL0 0x84448004
          register DCZID_EL0 4
          """.formatted(memory);
    }
  }

  private static PlatformNode cpu(Map<String, String> options, FdtProperty... properties) {
    return new PlatformNode("/cpus/cpu@0", "cpu@0", "/cpus", List.of(properties), List.of(), true, List.of(), List.of(), options);
  }

  @Test
  void onAPcItSaysThatItIsForAnotherArchitecture() {
    List<PlatformNode> pc = List.of(new PlatformNode("/cpus/cpu@0", "cpu@0", "/cpus", List.of(), List.of("xenolith,x86-64"), true, List
        .of(), List.of(), Map.of()));
    byte[] image = KernelFile.of(MIB, MIB).bytes();
    assertTrue(assertThrows(BootException.class, () -> loader.plan(request(image, 0, RAM).withCpus(pc))).getMessage().startsWith(
        "the kernel is an Image for arm64, and this is a PC. Name a bzImage"));
    byte[] packed = KernelFile.gzip(new byte[4096]);
    assertTrue(assertThrows(BootException.class, () -> loader.plan(request(packed, 0, RAM).withCpus(pc))).getMessage().contains(
        "unpack it if it is one"));
  }

  private static List<PlatformNode> cpus(String granules) {
    return List.of(cpu(Map.of("granules", granules)));
  }

  private String refusal(byte[] kernel, String granules) {
    return refusal(loader, kernel, cpu(Map.of("granules", granules)));
  }

  private static String refusal(Arm64BootLoader loader, byte[] kernel, PlatformNode cpu) {
    BootRequest request = request(kernel, 0, RAM).withCpus(List.of(cpu));
    return assertThrows(BootException.class, () -> loader.plan(request)).getMessage();
  }

  @Test
  void unpacksGzip() {
    byte[] image = KernelFile.of(5 * MIB, 6 * MIB).bytes();
    BootPlan plan = loader.plan(request(KernelFile.gzip(image), 0, RAM));
    assertTrue(loader.recognises(KernelFile.gzip(image)));
    assertArrayEquals(image, plan.segments().get(0).data());
  }

  /** {@code zstd -19} of an Image of 4 KiB. */
  @Test
  void unpacksZstd() {
    byte[] packed = HexFormat.of().parseHex(
        "28b52ffd0468250a00841000200a0041524d64c0dffe1d3c5b7a99b8d7f61534537291b0cfee0d2c4b6a89a8c7e60524436281a0bfdefd1c3b5a7998"
            + "b7d6f51433527190afceed0c2b4a6988a7c6e504234261809fbeddfc1b3a597897b6d5f4133251708faecdec0b2a496887a6c5e4032241607f9ebddc"
            + "fb1a39587796b5d4f31231506f8eadcceb0a29486786a5c4e30221405f7e9dbcdbfa1938577695b4d3f211304f6e8daccbea0928476685a4c3e20120"
            + "3f5e7d9cbbdaf91837567594b3d2f1102f4e6d8cabcae90827466584a3c2e1001f3e5d7c9bbad9f81736557493b2d1f00f2e4d6c8baac9e807264564"
            + "83a2c1e0ff1e3d5c7b9ab9d8f71635547392b1d0ef0e2d4c6b8aa9c8e70625446382a122a851d7c2faff36c09bd61130040ce11dc23f23e4c5ef07dc"
            + "b88e1bd771e33a6e5ccf8dcbb9713d372ef7047048520a24c22a82a4020f7c893e9d11ff99");
    BootPlan plan = loader.plan(request(packed, 0, RAM));
    assertTrue(loader.recognises(packed));
    assertArrayEquals(KernelFile.of(4096, 8192).bytes(), plan.segments().get(0).data());
    assertMessage("unpacks to more than", request(packed, 0, new MemoryRange(0, 2048)));
    packed[packed.length - 9] ^= 1;
    assertMessage("the compressed kernel is damaged (zstd", request(packed, 0, RAM));
  }

  @Test
  void refusesDamagedGzip() {
    byte[] whole = KernelFile.gzip(KernelFile.of(MIB, MIB).bytes());
    assertMessage("cut off", request(Arrays.copyOf(whole, whole.length / 2), 0, RAM));
    byte[] wrong = whole.clone();
    wrong[whole.length - 6] ^= 1;
    assertMessage("damaged", request(wrong, 0, RAM));
    assertMessage("not an arm64 Image", request(KernelFile.gzip(new byte[4096]), 0, RAM));
  }

  @Test
  void stopsUnpackingWhatCannotFit() {
    assertMessage("unpacks to more than", request(KernelFile.gzip(new byte[64 * MIB]), 0, new MemoryRange(0, 2 * MIB)));
  }

  @Test
  void saysWhatIsTooLargeForTheMemory() {
    assertMessage("kernel needs 33.0 MiB", request(KernelFile.of(MIB, 33 * MIB).bytes(), 0, new MemoryRange(0, 32 * MIB)));
    assertMessage("initrd needs 20.0 MiB", request(KernelFile.of(MIB, 33 * MIB).bytes(), 20 * MIB, new MemoryRange(0, 48 * MIB)));
    assertMessage("device tree needs 2.0 MiB", request(KernelFile.of(MIB, 10 * MIB).bytes(), 0, new MemoryRange(0, 11 * MIB)));
    assertMessage("no memory", new BootRequest(new byte[64], Optional.empty(), "", List.of(), List.of(), 4096));
  }

  @Test
  void usesTheFirstBlocksWhenMemoryIsTight() {
    BootPlan plan = loader.plan(request(KernelFile.of(MIB, 10 * MIB).bytes(), MIB, new MemoryRange(0, 14 * MIB)));
    assertLegal(plan, List.of(new MemoryRange(0, 14 * MIB)), List.of(), 10 * MIB);
  }

  @Test
  void keepsTheInitrdInTheKernelsWindow() {
    MemoryRange low = new MemoryRange(GIB, 64 * MIB);
    MemoryRange far = new MemoryRange(40 * GIB, GIB);
    byte[] initrd = new byte[40 * MIB];
    assertMessage("initrd needs 40.0 MiB", new BootRequest(KernelFile.of(MIB, 33 * MIB).bytes(), Optional.of(initrd), "", List.of(low,
        far), List.of(), 4096));
    MemoryRange near = new MemoryRange(20 * GIB, GIB);
    BootPlan plan = loader.plan(new BootRequest(KernelFile.of(MIB, 33 * MIB).bytes(), Optional.of(initrd), "", List.of(low, far, near), List
        .of(), 4096));
    assertEquals(20 * GIB, plan.tree().orElseThrow().facts().initrd().get().base());
  }

  @Test
  void loadsEverythingAndOnlyThat() {
    byte[] kernel = KernelFile.of(MIB, 2 * MIB).bytes();
    MemoryRange small = new MemoryRange(0, 16 * MIB);
    BootRequest request = new BootRequest(kernel, Optional.of(pattern(12345)), "", List.of(small), List.of(), 4096);
    BootPlan plan = loader.plan(request);
    byte[] memory = new byte[16 * MIB];
    byte[] tree = pattern(4096);
    plan.load((address, data, offset, length) -> System.arraycopy(data, offset, memory, (int) address, length), tree);

    byte[] expected = new byte[16 * MIB];
    System.arraycopy(kernel, 0, expected, (int) ((ArmEntry) plan.entry()).pc(), kernel.length);
    System.arraycopy(pattern(12345), 0, expected, (int) plan.tree().orElseThrow().facts().initrd().get().base(), 12345);
    System.arraycopy(tree, 0, expected, (int) ((ArmEntry) plan.entry()).x0(), tree.length);
    assertArrayEquals(expected, memory);
  }

  @Test
  void placesModulesBesideEverythingElse() {
    BootRequest request = request(KernelFile.of(MIB, 2 * MIB).bytes(), 3 * MIB, RAM).withModules(List.of(
        new BootModule("kernel", pattern(5 * MIB), "console=hvc0"), new BootModule("ramdisk", pattern(777), "")));
    BootPlan plan = loader.plan(request);
    List<DeviceTreeFacts.Module> modules = plan.tree().orElseThrow().facts().modules();
    assertEquals(List.of("kernel", "ramdisk"), modules.stream().map(DeviceTreeFacts.Module::kind).toList());
    assertEquals(List.of("console=hvc0", ""), modules.stream().map(DeviceTreeFacts.Module::arguments).toList());
    for (int i = 0; i < 2; i++) {
      MemoryRange range = modules.get(i).range();
      assertEquals(0, range.base() % (2 * MIB));
      assertEquals(request.modules().get(i).data().length, range.size());
      assertTrue(plan.segments().stream().anyMatch(s -> s.range().equals(range)), "loaded at " + range);
      assertFalse(range.overlaps(plan.tree().orElseThrow().range()), "on the tree");
      assertEquals(1, plan.segments().stream().filter(s -> s.range().overlaps(range)).count(), "overlap at " + range);
    }
    assertMessage("ramdisk module is empty", request.withModules(List.of(new BootModule("ramdisk", new byte[0], ""))));
    assertMessage("kernel module needs 40.0 MiB", request(KernelFile.of(MIB, 2 * MIB).bytes(), 3 * MIB, new MemoryRange(RAM.base(), 32
        * MIB)).withModules(List.of(new BootModule("kernel", new byte[40 * MIB], ""))));
  }

  @Test
  void refusesATreeLargerThanPlanned() {
    BootPlan plan = loader.plan(new BootRequest(KernelFile.of(MIB, MIB).bytes(), Optional.empty(), "", List.of(RAM), List.of(), 4096));
    String message = assertThrows(BootException.class, () -> plan.load((address, data, offset, length) -> {}, new byte[4097])).getMessage();
    assertTrue(message.contains("4097"), message);
    assertMessage("expected 1 to", new BootRequest(KernelFile.of(MIB, MIB).bytes(), Optional.empty(), "", List.of(RAM), List.of(), 3
        * MIB));
  }

  @Test
  void everyPlanOfRandomMemoriesIsLegalOrRefused() {
    long seed = 0x5eed_2026L;
    System.out.println("boot plans: seed " + seed);
    Random random = new Random(seed);
    int planned = 0;
    for (int i = 0; i < 3000; i++) {
      List<MemoryRange> memory = new ArrayList<>();
      long at = random.nextInt(64) * 16L * MIB;
      for (int n = random.nextInt(3) + 1; n > 0; n--) {
        long size = (random.nextInt(120) + 1L) * (MIB / 2);
        memory.add(new MemoryRange(at, size));
        at += size + random.nextInt(4) * (random.nextInt(8) == 0 ? 9 * GIB : 4L * MIB);
      }
      List<MemoryRange> reserved = new ArrayList<>();
      for (int n = random.nextInt(3); n > 0; n--) {
        MemoryRange in = memory.get(random.nextInt(memory.size()));
        reserved.add(new MemoryRange(in.base() + random.nextInt((int) in.size()) / 4096 * 4096, (random.nextInt(500) + 1) * 4096L));
      }
      long imageSize = (random.nextInt(40) + 1L) * MIB;
      long textOffset = random.nextBoolean() ? 0 : 0x80000;
      byte[] kernel = new KernelFile(4096, textOffset, imageSize, random.nextInt(16) & ~1).bytes();
      int initrd = random.nextInt(4) * 3 * MIB;
      BootPlan plan;
      try {
        plan = loader.plan(new BootRequest(kernel, initrd == 0 ? Optional.empty() : Optional.of(new byte[initrd]), "", memory, reserved,
            random.nextInt(2 * MIB) + 1));
      } catch (BootException refused) {
        continue;
      }
      planned++;
      assertEquals(textOffset, ((ArmEntry) plan.entry()).pc() % (2 * MIB));
      assertLegal(plan, memory, reserved, imageSize);
    }
    assertTrue(planned > 1000 && planned < 3000, planned + " of 3000 planned");
  }

  private static void assertLegal(BootPlan plan, List<MemoryRange> memory, List<MemoryRange> reserved, long imageSize) {
    List<MemoryRange> pieces = new ArrayList<>(plan.segments().stream().map(BootPlan.Segment::range).toList());
    pieces.add(plan.tree().orElseThrow().range());
    for (int i = 0; i < pieces.size(); i++) {
      MemoryRange piece = pieces.get(i);
      assertTrue(memory.stream().anyMatch(range -> range.base() <= piece.base() && piece.end() <= range.end()), piece + " in " + memory);
      assertFalse(reserved.stream().anyMatch(piece::overlaps), piece + " over " + reserved);
      for (int k = 0; k < i; k++) {
        assertFalse(piece.overlaps(pieces.get(k)), piece + " over " + pieces.get(k));
      }
    }
    MemoryRange kernel = pieces.get(0);
    assertEquals(imageSize, kernel.size());
    assertEquals(0, ((ArmEntry) plan.entry()).x0() % 8);
    assertEquals(plan.tree().orElseThrow().range().base(), ((ArmEntry) plan.entry()).x0());
    plan.tree().orElseThrow().facts().initrd().ifPresent(initrd -> {
      long start = Math.min(initrd.base(), kernel.base()) / GIB * GIB;
      assertTrue(Math.max(initrd.end(), kernel.end()) - start <= 32 * GIB, initrd + " with " + kernel);
    });
  }

  private void assertMessage(String part, BootRequest request) {
    String message = assertThrows(BootException.class, () -> loader.plan(request)).getMessage();
    assertTrue(message.contains(part), message);
  }

  private static BootRequest request(byte[] kernel, int initrd, MemoryRange memory) {
    return new BootRequest(kernel, initrd == 0 ? Optional.empty() : Optional.of(new byte[initrd]), "console=ttyAMA0", List.of(memory),
        List.of(), BootRequest.DEVICE_TREE_LIMIT);
  }

  private static byte[] pattern(int size) {
    byte[] data = new byte[size];
    for (int i = 0; i < size; i++) {
      data[i] = (byte) (i * 7 + 3);
    }
    return data;
  }
}
