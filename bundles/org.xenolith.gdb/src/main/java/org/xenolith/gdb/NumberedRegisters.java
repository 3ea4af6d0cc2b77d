// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.xenolith.inspect.api.DebuggerFeature;
import org.xenolith.inspect.api.DebuggerRegister;
import org.xenolith.inspect.api.DebuggerTarget;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.regs.RegisterField;

/**
 * The registers of a machine's processors as a debugger numbers them: first those of GDB's standard features, then all others by the names that the manual has. Values are little-endian, as
 * the target is.
 */
final class NumberedRegisters {
  /** The first number of a register that is in no standard feature; the same whatever those have. */
  static final int FIRST_OTHER = 256;
  /** How the names of features begin that debuggers know; of any other, registers are beside those of the manual's names. */
  private static final String STANDARD = "org.gnu.gdb.";
  /** Name of the feature of all others. */
  static final String OTHERS = "org.xenolith.registers";

  private final DebuggerTarget target;
  private final Map<Integer, DebuggerRegister> byNumber = new TreeMap<>();
  private final List<RegisterDescription> others = new ArrayList<>();
  private final Set<String> known;
  private final byte[] description;
  private final int pc;
  private final int standard;

  /** @param processor one of them; those of others that have no register of a name have no value for it */
  NumberedRegisters(InspectedProcessor processor) {
    target = processor.debuggerTarget().orElseThrow();
    int number = 0;
    Set<String> shown = new HashSet<>();
    for (DebuggerFeature feature : target.features()) {
      for (DebuggerRegister register : feature.registers()) {
        byNumber.put(number++, register);
        if (feature.name().startsWith(STANDARD)) {
          shown.add(register.of());
        }
      }
    }
    standard = number;
    pc = byNumber.entrySet().stream().filter(each -> each.getValue().type().equals("code_ptr")).findFirst().orElseThrow().getKey();
    number = FIRST_OTHER;
    for (RegisterDescription each : processor.registers()) {
      if (!shown.contains(each.name()) && each.bits() <= 64) {
        others.add(each);
        byNumber.put(number++, new DebuggerRegister(each.name(), each.bits() > 32 ? 64 : 32, "int", group(each), each.name()));
      }
    }
    known = processor.registers().stream().map(RegisterDescription::name).collect(Collectors.toUnmodifiableSet());
    description = xml().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  DebuggerTarget target() {
    return target;
  }

  /** Number of the program counter. */
  int pc() {
    return pc;
  }

  /** The document {@code target.xml}. */
  byte[] description() {
    return description;
  }

  /** All registers but the standard ones, by the manual's names. */
  List<RegisterDescription> others() {
    return List.copyOf(others);
  }

  /** The values of all standard registers. */
  String all(InspectedProcessor processor) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < standard; i++) {
      text.append(value(processor, i));
    }
    return text.toString();
  }

  /** Whether there is a register of a number. */
  boolean has(int number) {
    return byNumber.containsKey(number);
  }

  /** The value of a register in digits; {@code x} for each of one that the processor hasn't. */
  String value(InspectedProcessor processor, int number) {
    DebuggerRegister register = byNumber.get(number);
    int bytes = register.bits() / 8;
    if (register.of().isEmpty()) {
      return "00".repeat(bytes);
    }
    if (!known.contains(register.of())) {
      return "xx".repeat(bytes);
    }
    BigInteger value = whole(processor.value(register.of())).shiftRight(register.low());
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes; i++) {
      text.append("%02x".formatted(value.shiftRight(8 * i).intValue() & 0xFF));
    }
    return text.toString();
  }

  /**
   * Sets a register from digits.
   *
   * @throws IllegalArgumentException if it can't be, or have that value
   */
  void set(InspectedProcessor processor, int number, String digits) {
    DebuggerRegister register = byNumber.get(number);
    byte[] bytes = Reply.bytes(digits);
    if (bytes.length != register.bits() / 8) {
      throw new IllegalArgumentException(register.name() + " has " + register.bits() + " bits");
    }
    if (value(processor, number).equals(digits.toLowerCase(Locale.ROOT))) {
      return; // gdb writes all of them to restore some
    }
    if (register.of().isEmpty()) {
      throw new IllegalArgumentException(register.name() + " is always 0");
    }
    BigInteger value = BigInteger.ZERO;
    for (int i = bytes.length; i-- > 0;) {
      value = value.shiftLeft(8).or(BigInteger.valueOf(bytes[i] & 0xFF));
    }
    BigInteger mask = BigInteger.ONE.shiftLeft(register.bits()).subtract(BigInteger.ONE).shiftLeft(register.low());
    long[] before = processor.value(register.of());
    BigInteger now = whole(before).andNot(mask).or(value.shiftLeft(register.low()));
    long[] words = new long[before.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = now.shiftRight(64 * i).longValue();
    }
    processor.set(register.of(), words);
  }

  /** How many bytes of a packet all standard registers are, two digits each. */
  int digits(int number) {
    return byNumber.get(number).bits() / 4;
  }

  /** Numbers of the standard registers are those below. */
  int standard() {
    return standard;
  }

  private static BigInteger whole(long[] words) {
    BigInteger value = BigInteger.ZERO;
    for (int i = words.length; i-- > 0;) {
      value = value.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(words[i])));
    }
    return value;
  }

  // ---- target.xml

  /** A debugger's names of groups have no blanks. */
  private static String group(RegisterDescription register) {
    return register.group().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
  }

  private String xml() {
    StringBuilder text = new StringBuilder(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target version=\"1.0\">\n");
    text.append("<architecture>").append(target.architecture()).append("</architecture>\n");
    int number = 0;
    for (DebuggerFeature feature : target.features()) {
      text.append("<feature name=\"").append(feature.name()).append("\">\n").append(feature.types());
      for (DebuggerRegister register : feature.registers()) {
        text.append(xml(number++, register, register.type()));
      }
      text.append("</feature>\n");
    }
    text.append("<feature name=\"").append(OTHERS).append("\">\n");
    Function<RegisterDescription, String> flags = each -> each.name() + "_fields";
    others.stream().filter(NumberedRegisters::divided).forEach(each -> text.append(xml(flags.apply(each), each)));
    number = FIRST_OTHER;
    for (RegisterDescription each : others) {
      DebuggerRegister register = byNumber.get(number);
      text.append(xml(number++, register, divided(each) ? flags.apply(each) : register.type()));
    }
    return text.append("</feature>\n</target>\n").toString();
  }

  private static boolean divided(RegisterDescription register) {
    return !register.fields().isEmpty();
  }

  private static String xml(int number, DebuggerRegister register, String type) {
    return "<reg name=\"%s\" bitsize=\"%d\" type=\"%s\" regnum=\"%d\" group=\"%s\"/>%n".formatted(register.name(), register.bits(), type,
        number, register.group());
  }

  private static String xml(String id, RegisterDescription register) {
    StringBuilder text = new StringBuilder("<flags id=\"%s\" size=\"%d\">".formatted(id, register.bits() > 32 ? 8 : 4));
    for (RegisterField field : register.fields()) {
      text.append("<field name=\"%s\" start=\"%d\" end=\"%d\"/>".formatted(field.name(), field.low(), field.high()));
    }
    return text.append("</flags>\n").toString();
  }
}
