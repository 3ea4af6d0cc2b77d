// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user is told of a JVM that has crashed. */
class CrashReportTest {
  private static final long CODE = 0x7F00_1234_0000L;
  private static final int PROCESS = 77;
  @TempDir
  Path temporary;
  private Path report;
  private Path files;

  @BeforeEach
  void memories() throws IOException {
    report = temporary.resolve("77.log");
    files = Files.createDirectories(temporary.resolve("xenolith-1/files"));
    ByteBuffer state = memory(8192, PROCESS);
    state.putLong(64, 4096 + 264).putLong(4096 + 264, 0xFFFF_8000_0800_1000L);
    Files.write(files.resolve("code-1.state"), state.array());
    ByteBuffer tables = memory(4096 * 65, PROCESS);
    // The second table is of page 0x40080000, with blocks at instructions 3 and 9; the first is nobody's.
    tables.putLong(72, 0x4008_0001L).putInt(8192 + 12, 0x1000).putInt(8192 + 36, 0x1100).putInt(4096 + 4, 0x10F0);
    Files.write(files.resolve("code-2.tables"), tables.array());
    Files.write(files.resolve("code-3.tables"), memory(4096 * 65, PROCESS + 1).array());
  }

  private static ByteBuffer memory(int size, int process) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 0x3145_444F_434C_4E58L).putLong(8, process).putLong(16, CODE)
        .putLong(24, 1 << 20).putLong(32, 2);
  }

  /** Tables of pages whose instructions begin at any byte have the byte's two lowest bits in their words. */
  @Test
  void aFaultInCodeOfBytesNamesTheGuestsInstructions() throws IOException {
    ByteBuffer tables = memory(4096 * 65, PROCESS);
    tables.putLong(32, 0).putLong(72, 0x4008_0001L).putInt(8192 + 12, 0x1001).putInt(8192 + 36, 0x1102);
    Files.write(files.resolve("code-2.tables"), tables.array());
    assertEquals("""
        xenolith: internal fault in generated code: SIGSEGV at address 0x0000000000001234, in the block for the guest's instructions from PC \
        0xffff800008001026 on
          page 0x40080000 of the guest's memory, byte 0x26 of it; code from byte 0x1100 on, the fault at byte 0x1104
          Please report it with REPORT
          --engine interpreter does without generated code in the next run.
        """, told(CODE + 0x1104));
  }

  private String told(long counter) throws IOException {
    return told(counter, "");
  }

  private String told(long counter, String frames) throws IOException {
    Files.writeString(report, "#\nsiginfo: si_signo: 11 (SIGSEGV), si_code: 1 (SEGV_MAPERR), si_addr: 0x0000000000001234\n\nRegisters:\n"
        + "RIP=0x%016x, EFLAGS=0x0000000000010206\n".formatted(counter) + frames);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CrashReport.tell(report, PROCESS, temporary, temporary.resolve("product"), new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8).replace(report.toString(), "REPORT");
  }

  @Test
  void aFaultInCodeNamesTheGuestsInstructions() throws IOException {
    assertEquals("""
        xenolith: internal fault in generated code: SIGSEGV at address 0x0000000000001234, in the block for the guest's instructions from PC \
        0xffff800008001024 on
          page 0x40080000 of the guest's memory, byte 0x24 of it; code from byte 0x1100 on, the fault at byte 0x1104
          Please report it with REPORT
          --engine machinecode-lockstep checks generated code in the next run, --engine regions does without.
        """, told(CODE + 0x1104));
  }

  private static void jar(Path file, String bundle, String type) throws IOException {
    Files.createDirectories(file.getParent());
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", bundle + ";singleton:=true");
    manifest.getMainAttributes().putValue("Bundle-Version", "2.1");
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      jar.putNextEntry(new ZipEntry(type.replace('.', '/') + ".class"));
    }
  }

  /** Frames as JDK 25 writes them. */
  @Test
  void aFaultInABundlesCodeNamesTheBundle() throws IOException {
    jar(temporary.resolve("xenolith-77/framework/org.eclipse.osgi/133/1/bundleFile"), "acme.uart", "acme.uart.Uart");
    jar(temporary.resolve("product/uart.jar"), "acme.builtin", "acme.uart.Uart");
    jar(temporary.resolve("product/engine.jar"), "org.xenolith.cpu.a64.machinecode", "org.xenolith.cpu.a64.machinecode.Engine");
    String jdk = """
        Native frames: (J=compiled Java code, j=interpreted, Vv=VM code, C=native code)
        V  [libjvm.so+0x123632d]  Unsafe_PutLong+0xad
        J 2741  jdk.internal.misc.Unsafe.putLong(Ljava/lang/Object;JJ)V java.base@25.0.3 (0 bytes) @ 0x00007f09747fac06 [0x00007f09747fab80+0x86]
        j  sun.misc.Unsafe.putLong(JJ)V+8 jdk.unsupported@25.0.3
        """;
    String engine =
        "J 3113 c1 org.xenolith.cpu.a64.machinecode.Engine.go(Lorg/xenolith/a64/arch/Cpu;I)V (64 bytes) @ 0x00007f097485df1c [0x1+0x19c]\n";
    assertEquals("""
        xenolith: the JVM has crashed (SIGSEGV at address 0x0000000000001234) in acme.uart.Uart.crash, which is code of acme.uart 2.1
          The bundle came by --plugins or while the program ran: without it the next run does without that code. Show its author the report.
          The JVM's report: REPORT
        """, told(CODE - 1, jdk + "j  acme.uart.Uart.crash()V+69\n" + engine));
    assertEquals("""
        xenolith: the JVM has crashed (SIGSEGV at address 0x0000000000001234) in org.xenolith.cpu.a64.machinecode.Engine.go, which is code \
        of org.xenolith.cpu.a64.machinecode 2.1
          Please report it with that file.
          The JVM's report: REPORT
        """, told(CODE - 1, jdk + engine));
  }

  @Test
  void aFaultElsewhereIsTheJvms() throws IOException {
    assertEquals("xenolith: the JVM has crashed (SIGSEGV at address 0x0000000000001234); its report, for ours: REPORT\n", told(CODE + (1
        << 20)));
  }
}
