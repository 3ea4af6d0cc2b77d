// SPDX-License-Identifier: EPL-2.0
package org.xenolith.loader.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.a64.isa.Program;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.hyp.api.LoaderNode;

/**
 * {@code xenolith.efi}: an application for EFI's boot services on AArch64, in the form in which boot loaders take a hypervisor or a kernel:
 * PE32+ (UEFI 2.10, 2.1) with the header of an arm64 Image in its first 64 bytes (Linux, Documentation/arch/arm64/booting.rst). It may be
 * loaded anywhere; code and data are in sections of their own.
 */
final class LoaderProgram {
  private static final int PAGE = 0x1000;
  private static final int CODE = PAGE;
  /** Room for the memory map; that of firmware has some thousand bytes. */
  private static final int MAP_ROOM = 0x10000;
  /** EFI_LOADED_IMAGE_PROTOCOL (UEFI 2.10, 9.1). */
  private static final String LOADED_IMAGE = "5b1b31a1-9562-11d2-8e3f-00a0c969723b";
  private static final int PE_AT = 0x40;
  private static final int OPTIONAL_HEADER = 0xA0;
  private static final int ARM64_MAGIC = 0x644D_5241;
  private static final short MACHINE_AARCH64 = (short) 0xAA64;
  /** Characteristics: executable, without line numbers and debugging information. */
  private static final short EXECUTABLE = 0x0206;
  private static final short PE32_PLUS = 0x020B;
  private static final short EFI_APPLICATION = 10;
  private static final int CODE_SECTION = 0x6000_0020;
  private static final int DATA_SECTION = 0xC000_0040;

  private LoaderProgram() {}

  /** What the source leaves open: places in EFI's tables (UEFI 2.10, 4.3, 4.4, 9.1 and 12.4), and the calls. */
  private static Map<String, Long> constants() {
    Map<String, Long> all = new LinkedHashMap<>();
    all.put("CONSOLE_OUT", 64L);
    all.put("BOOT_SERVICES", 96L);
    all.put("GET_MEMORY_MAP", 56L);
    all.put("HANDLE_PROTOCOL", 152L);
    all.put("EXIT_BOOT_SERVICES", 232L);
    all.put("LOAD_OPTIONS_SIZE", 48L);
    all.put("LOAD_OPTIONS", 56L);
    all.put("IMAGE_BASE", 64L);
    all.put("OUTPUT_STRING", 8L);
    all.put("UNSUPPORTED", 0x8000_0000_0000_0003L);
    all.put("VERSION", Integer.toUnsignedLong(LoaderNode.VERSION));
    all.put("HAND_OVER", Integer.toUnsignedLong(LoaderNode.HAND_OVER));
    all.put("BLOCK", (long) LoaderNode.BLOCK);
    all.put("MAP_ROOM", (long) MAP_ROOM);
    return all;
  }

  private static String source() {
    try (InputStream in = LoaderProgram.class.getResourceAsStream("loader.s")) {
      String defined = constants().entrySet().stream().map(each -> each.getKey() + " = 0x" + Long.toHexString(each.getValue()) + '\n')
          .collect(Collectors.joining());
      return defined + new String(in.readAllBytes(), StandardCharsets.UTF_8) + ".balign " + PAGE + "\ndata:\nblock: .space "
          + LoaderNode.BLOCK + "\ninterface: .space 8\nkey: .space 8\nloaded_image: " + bytes(EfiSystemTable.guid(LOADED_IMAGE))
          + "below: " + text("xenolith.efi: this firmware runs below EL2, where no hypervisor can be; start the machine with one"
              + " (--hypervisor)")
          + "absent: " + text("xenolith.efi: no hypervisor waits on this machine; start it with one (--hypervisor)")
          + ".balign " + PAGE + "\nmap:\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String text) {
    return bytes((text + "\r\n\0").getBytes(StandardCharsets.UTF_16LE));
  }

  private static String bytes(byte[] bytes) {
    StringBuilder line = new StringBuilder(".byte ");
    for (int i = 0; i < bytes.length; i++) {
      line.append(i == 0 ? "" : ", ").append(bytes[i] & 0xFF);
    }
    return line.append('\n').toString();
  }

  /** The file. */
  static byte[] bytes() {
    Program program = Assembler.program(CODE, source());
    int data = (int) program.address("data");
    int end = CODE + program.bytes().length;
    ByteBuffer out = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
    out.putShort((short) ('M' | 'Z' << 8));
    out.putInt(56, ARM64_MAGIC).putInt(60, PE_AT);
    out.position(PE_AT).putInt('P' | 'E' << 8);
    out.putShort(MACHINE_AARCH64).putShort((short) 2).putInt(0).putInt(0).putInt(0).putShort((short) OPTIONAL_HEADER).putShort(EXECUTABLE);
    int optional = out.position();
    out.putShort(PE32_PLUS).putShort((short) 0).putInt(data - CODE).putInt(end - data).putInt(MAP_ROOM).putInt(CODE).putInt(CODE);
    out.putLong(0).putInt(PAGE).putInt(PAGE).putInt(0).putInt(0).putInt(0).putInt(0).putInt(end + MAP_ROOM).putInt(PAGE).putInt(0);
    out.putShort(EFI_APPLICATION).putShort((short) 0).putLong(0).putLong(0).putLong(0).putLong(0).putInt(0).putInt(6);
    out.position(optional + OPTIONAL_HEADER);
    section(out, ".text", CODE, data - CODE, data - CODE, CODE_SECTION);
    section(out, ".data", data, end - data + MAP_ROOM, end - data, DATA_SECTION);
    out.position(CODE).put(program.bytes());
    return out.array();
  }

  private static void section(ByteBuffer out, String name, int at, int inMemory, int inFile, int characteristics) {
    int begin = out.position();
    out.put(name.getBytes(StandardCharsets.US_ASCII)).position(begin + 8);
    out.putInt(inMemory).putInt(at).putInt(inFile).putInt(at).putInt(0).putInt(0).putInt(0).putInt(characteristics);
  }
}
