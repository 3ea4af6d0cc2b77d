// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.command.api.BadInput;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.PvhKernel;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;

/** CPUs that a bundle of somebody else's describes, without Java, are those of machines that ask for them. */
class DescribedCpusTest {
  private static final String CATALOGUE = "org.xenolith.cpu.catalogue";
  private static final String ARM = """
      xenolith-cpu 1
      instructions a64
      summary Acme's core, with atomics
      register MIDR_EL1 0x410FACE1
      register ID_AA64PFR0_EL1 0x01000011
      register ID_AA64DFR0_EL1 0x10305106
      register ID_AA64ISAR0_EL1 0x00200000
      register ID_AA64MMFR0_EL1 0x00000022
      register CTR_EL0 0x8444C004
      register DCZID_EL0 0x4
      """;
  private static final String PC = """
      xenolith-cpu 1
      instructions x64
      summary Acme's processor
      vendor "AcmeAcmeAcme"
      brand "Acme"
      leaf 0x0 EAX=0x15
      leaf 0x1 EAX=0xF0600 EBX=0x800 ECX=0x2000 EDX=0x078BFBFD
      leaf 0x7.0 EBX=0x82 ECX=0x4 EDX=0x20000000
      leaf 0x15 EAX=1 EBX=1 ECX=1000000000
      leaf 0x80000000 EAX=0x80000008
      leaf 0x80000001 ECX=0x100 EDX=0x20100800
      leaf 0x80000008 EAX=0x3024
      msr 0xFE 0x508
      msr 0x10A 0x10
      msr 0x1A0 0x1801
      """;
  private static final int ARM_AT = 0x4010_0000;
  private static final int PC_AT = 0x10_2000;
  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @AfterEach
  void restore() throws IOException {
    product.restore();
  }

  private static void done(Change change) {
    assertTrue(change.done(), change.reason());
  }

  private static byte[] bundle(Map<String, String> files) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(new Attributes.Name("Bundle-ManifestVersion"), "2");
    main.put(new Attributes.Name("Bundle-SymbolicName"), "com.example.acme");
    main.put(new Attributes.Name("Bundle-Version"), "1.0.0");
    main.put(new Attributes.Name("Provide-Capability"), String.join(",", files.keySet().stream().map(file -> "xenolith.cpu;file=\"" + file
        + '"').toList()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream to = new JarOutputStream(bytes, manifest)) {
      for (var file : files.entrySet()) {
        to.putNextEntry(new ZipEntry(file.getKey()));
        to.write(file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private Launch launch(String board, String cpu, Path kernel) {
    Launcher launcher = product.service(Launcher.class);
    return launcher.launch(launcher.request(Map.of("board", List.of(board), "cpu", List.of(cpu), "memory", List.of("64M"), "kernel", List
        .of(kernel
            .toString()))), line -> {}, (kind, place, text) -> {});
  }

  /** An arm64 Image that notes MIDR_EL1 and ID_AA64ISAR0_EL1 and waits. */
  private Path armKernel() throws IOException {
    ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, 0x1400_0010).putLong(16, image.capacity()).putLong(24, 0xA).putInt(56, 0x644d5241);
    image.put(64, Assembler.program(0, """
        mov x0, #0x40100000
        mrs x1, midr_el1
        mrs x2, id_aa64isar0_el1
        stp x1, x2, [x0]
        b .
        """).bytes());
    return Files.write(folder.resolve("Image"), image.array());
  }

  /** {@code mov $0x80000002,%eax; cpuid; mov %eax,0x102000; mov $0,%eax; cpuid; mov %ebx,0x102004; mov $0x10a,%ecx; rdmsr; mov %eax,0x102008; jmp .} */
  private Path pcKernel() throws IOException {
    return Files.write(folder.resolve("pvh"), PvhKernel.running(
        "b8020000800fa2a300201000b8000000000fa2891d04201000b90a0100000f32a308201000ebfe"));
  }

  private static ByteBuffer read(Launch launch, long address) {
    launch.machine().run(new RunLimit(Long.MAX_VALUE, 100_000));
    return ByteBuffer.wrap(launch.machine().peek(address, 16)).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void aCpuOfAnotherBundleIsFoundAndAGuestReadsItsName() throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("cpus/acme-core.cpu", ARM);
    files.put("cpus/acme-pc.cpu", PC);
    done(product.change().add(new ByteArrayInputStream(bundle(files))));
    try (Launch arm = launch("virt", "acme-core", armKernel()); Launch pc = launch("pc-pvh", "acme-pc", pcKernel())) {
      ByteBuffer told = read(arm, ARM_AT);
      assertEquals(0x410F_ACE1L, told.getLong(0));
      assertEquals(0x20_0000, told.getLong(8));
      ByteBuffer pcTold = read(pc, PC_AT);
      assertEquals("AcmeAcme", new String(pcTold.array(), 0, 8, StandardCharsets.US_ASCII));
      assertEquals(0x10, pcTold.getInt(8), "IA32_ARCH_CAPABILITIES");
      done(product.change().remove("com.example.acme"));
      assertEquals(0x410F_ACE1L, read(arm, ARM_AT).getLong(0), "machines keep their CPUs");
    }
    String refused = assertThrows(BadInput.class, () -> launch("virt", "acme-core", armKernel())).getMessage();
    assertTrue(refused.contains(
        "no bundle that is installed describes a CPU 'acme-core'; there are cortex-a53, cortex-a57, cortex-a72, x86-64-v2"), refused);
  }

  @Test
  void aSnapshotOfAnotherCpuIsRefusedWithItsRegisters() throws IOException {
    Path saved = folder.resolve("saved");
    try (Launch one = launch("virt", "cortex-a72", armKernel())) {
      one.machine().save(saved);
    }
    try (Launch other = launch("virt", "cortex-a53", armKernel())) {
      String refused = assertThrows(IOException.class, () -> other.machine().restore(saved)).getMessage();
      assertTrue(refused.contains("CPU 0 was another one: CPU cortex-a72, here cortex-a53; ") && refused.contains(
          "MIDR_EL1 0x410fd083, here 0x410fd034")
          && refused.endsWith(" cortex-a72"), refused);
    }
  }

  @Test
  void withoutTheCatalogueNoCpuCanBeAskedForByName() throws IOException {
    done(product.change().remove(CATALOGUE));
    String refused = assertThrows(BadInput.class, () -> launch("virt", "cortex-a53", armKernel())).getMessage();
    assertTrue(refused.contains("no bundle that is installed has this option"), refused);
    done(product.change().add(new ByteArrayInputStream(product.jar(CATALOGUE))));
    try (Launch launch = launch("virt", "cortex-a53", armKernel())) {
      assertEquals(0x410F_D034L, read(launch, ARM_AT).getLong(0));
    }
  }
}
