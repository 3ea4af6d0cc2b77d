// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An EFI application that calls runtime services one after the other and tells what came of each on a PL011, by its registers: consoles of firmware are gone
 * when boot services are. A line is {@code runtime NAME, CASE: STATUS LABEL=VALUE …}, numbers in hexadecimal.
 *
 * <p>Memory that calls point to is on pages of its own, as firmware may write-protect an image. Places in it have names; {@link #at} is a pointer to one.
 */
final class ServiceProgram {
  /** Bytes at each place. */
  private static final int EACH = 256;
  /** Behind the places: what is large. */
  private static final int LARGE = 0x8000;
  private static final int PAGES = 64;
  private static final int RESET_SYSTEM = 104;
  /** x19 is the system table, x20 runtime services, x21 the memory, x22 the PL011, x23 boot services, x24 the image. */
  private static final String PROLOGUE = """
          stp x29, x30, [sp, #-16]!
          mov x24, x0
          mov x19, x1
          ldr x20, [x1, #88]
          ldr x23, [x1, #96]
          ldr x22, =UART
          sub sp, sp, #16
          mov x0, #0
          mov x1, #2
          mov x2, #PAGES
          mov x3, sp
          ldr x9, [x23, #40]
          blr x9
          ldr x21, [sp], #16
      """;
  private static final String ROUTINES = """
      putc:
          ldr w9, [x22, #24]
          tbnz w9, #5, putc
          str w0, [x22]
          ret
      puts:
          stp x29, x30, [sp, #-32]!
          str x26, [sp, #16]
          mov x26, x1
      1:
          ldrb w0, [x26], #1
          cbz w0, 2f
          bl putc
          b 1b
      2:
          ldr x26, [sp, #16]
          ldp x29, x30, [sp], #32
          ret
      hex:
          stp x29, x30, [sp, #-32]!
          stp x26, x27, [sp, #16]
          mov x26, x0
          mov x27, #60
      1:
          lsr x0, x26, x27
          cbnz x0, 2f
          cbz x27, 2f
          sub x27, x27, #4
          b 1b
      2:
          lsr x0, x26, x27
          and x0, x0, #15
          cmp x0, #10
          b.lo 3f
          add x0, x0, #7
      3:
          add x0, x0, #48
          bl putc
          cbz x27, 4f
          sub x27, x27, #4
          b 2b
      4:
          ldp x26, x27, [sp, #16]
          ldp x29, x30, [sp], #32
          ret
      """;

  private final long uart;
  private final StringBuilder code = new StringBuilder();
  private final StringBuilder texts = new StringBuilder();
  private final Map<String, Integer> places = new LinkedHashMap<>();
  private final List<String> seen = new ArrayList<>();
  private int labels;

  /** @param uart address of the PL011 */
  ServiceProgram(long uart) {
    this.uart = uart;
  }

  /** An argument that is a pointer to a named place, of up to 256 bytes. */
  static String at(String place) {
    return "&" + place;
  }

  private int offset(String place) {
    return places.computeIfAbsent(place, name -> places.size() * EACH);
  }

  private void line(String text, Object... values) {
    code.append("    ").append(text.formatted(values)).append('\n');
  }

  private void say(String text) {
    String label = "text" + labels++;
    texts.append(label).append(": .asciz \"").append(text).append("\"\n");
    line("adr x1, %s", label);
    line("bl puts");
  }

  private void load(String register, String value) {
    if (value.startsWith("&")) {
      line("ldr x9, =0x%x", offset(value.substring(1)));
      line("add %s, x21, x9", register);
    } else {
      line("ldr %s, =%s", register, value);
    }
  }

  /** Puts a number of 64 bits, or a pointer, to a place. */
  ServiceProgram put(String place, String value) {
    load("x10", value);
    load("x11", at(place));
    line("str x10, [x11]");
    return this;
  }

  /** Puts bytes to a place. */
  ServiceProgram put(String place, byte[] bytes) {
    ByteBuffer padded = ByteBuffer.allocate(bytes.length + 7 & -8).order(ByteOrder.LITTLE_ENDIAN).put(bytes).rewind();
    load("x11", at(place));
    for (int i = 0; padded.hasRemaining(); i += 8) {
      line("ldr x10, =0x%x", padded.getLong());
      line("str x10, [x11, #%d]", i);
    }
    return this;
  }

  /** Puts a text with its NUL, in characters of 16 bits. */
  ServiceProgram text(String place, String text) {
    return put(place, (text + '\0').getBytes(StandardCharsets.UTF_16LE));
  }

  /**
   * Calls a function of the table of runtime services and tells its status.
   *
   * @param service   offset of its pointer
   * @param arguments numbers, or pointers by {@link #at}
   */
  ServiceProgram call(int service, String name, String... arguments) {
    return call(true, "x20", service, name, arguments);
  }

  private ServiceProgram call(boolean told, String table, int service, String name, String... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      load("x" + i, arguments[i]);
    }
    line("ldr x9, [%s, #%d]", table, service);
    line("blr x9");
    if (told) {
      line("mov x25, x0");
      if (seen.contains(name)) {
        throw new IllegalArgumentException("two calls are '" + name + "'");
      }
      seen.add(name);
      say("\\r\\nruntime " + name + ": ");
      line("mov x0, x25");
      line("bl hex");
    }
    return this;
  }

  /** Tells what is at a place behind the call's status. @param bytes 1 to 8, from that offset on */
  ServiceProgram show(String label, String place, int from, int bytes) {
    say(" " + label + "=");
    load("x11", at(place));
    line("ldr x0, [x11, #%d]", from);
    if (bytes < 8) {
      line("ldr x9, =0x%x", (1L << 8 * bytes) - 1);
      line("and x0, x0, x9");
    }
    line("bl hex");
    return this;
  }

  /** Tells all names that GetNextVariableName gives, with the beginnings of their vendors, and what the last call comes to. */
  ServiceProgram names(int service, String name) {
    put("size", "256").put("name", "0");
    line("names%d:", labels);
    int again = labels++;
    put("size", "256");
    call(false, "x20", service, "", at("size"), at("name"), at("vendor"));
    line("mov x25, x0");
    line("cbnz x25, ended%d", again);
    say("\\r\\nruntime " + name + " ");
    load("x26", at("name"));
    line("letter%d:", again);
    line("ldrh w0, [x26], #2");
    line("cbz w0, vendor%d", again);
    line("bl putc");
    line("b letter%d", again);
    line("vendor%d:", again);
    say(" of ");
    load("x11", at("vendor"));
    line("ldr w0, [x11]");
    line("bl hex");
    say(": 0");
    line("b names%d", again);
    line("ended%d:", again);
    say("\\r\\nruntime " + name + " behind the last: ");
    line("mov x0, x25");
    line("bl hex");
    return this;
  }

  /** Leaves boot services. Afterwards the memory map, with virtual addresses that are physical ones, is {@link #mapArguments}. */
  ServiceProgram exitBootServices() {
    line("ldr x10, =0x%x", LARGE);
    line("add x26, x21, x10");
    put("map size", "0x10000");
    load("x0", at("map size"));
    line("mov x1, x26");
    load("x2", at("map key"));
    load("x3", at("descriptor size"));
    load("x4", at("descriptor version"));
    line("ldr x9, [x23, #56]");
    line("blr x9");
    line("mov x0, x24");
    load("x11", at("map key"));
    line("ldr x1, [x11]");
    line("ldr x9, [x23, #232]");
    line("blr x9");
    line("mov x25, x0");
    say("\\r\\nruntime ExitBootServices: ");
    line("mov x0, x25");
    line("bl hex");
    load("x11", at("map size"));
    line("ldr x12, [x11]");
    line("add x12, x12, x26");
    load("x11", at("descriptor size"));
    line("ldr x13, [x11]");
    line("mov x10, x26");
    line("identity:");
    line("ldr x14, [x10, #8]");
    line("str x14, [x10, #16]");
    line("add x10, x10, x13");
    line("cmp x10, x12");
    line("b.lo identity");
    return this;
  }

  /** SetVirtualAddressMap with that map. */
  ServiceProgram setMap(int service, String name) {
    load("x10", at("map size"));
    line("ldr x0, [x10]");
    load("x10", at("descriptor size"));
    line("ldr x1, [x10]");
    line("mov x2, #1");
    line("ldr x10, =0x%x", LARGE);
    line("add x3, x21, x10");
    return call(service, name);
  }

  /** Ends with a reset of a type; if the call comes back that is told, and the machine is powered off. */
  byte[] ending(int type) {
    say("\\r\\nruntime end\\r\\n");
    call(false, "x20", RESET_SYSTEM, "", Integer.toString(type), "0", "0", "0");
    say("\\r\\nruntime ResetSystem, type " + type + " came back: 0\\r\\n");
    call(false, "x20", RESET_SYSTEM, "", "2", "0", "0", "0");
    line("ended:");
    line("b ended");
    return EfiProgram.of(PROLOGUE.replace("UART", "0x" + Long.toHexString(uart)).replace("PAGES", Integer.toString(PAGES)) + code + ROUTINES
        + texts);
  }
}
