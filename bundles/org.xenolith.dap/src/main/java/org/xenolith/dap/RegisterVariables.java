// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.xenolith.dap.VariableTree.Shown;
import org.xenolith.inspect.api.DeviceRegister;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.regs.RegisterField;

/** Registers of processors and devices as an editor shows them: groups, registers, and their fields. */
final class RegisterVariables {
  private static final int WORD = 64;

  private RegisterVariables() {}

  /** The registers of a group. */
  static List<Shown> group(InspectedProcessor processor, String group) {
    return processor.registers().stream().filter(each -> each.group().equals(group)).map(each -> register(processor, each)).toList();
  }

  /** The groups but one. */
  static List<Shown> groups(InspectedProcessor processor, String without) {
    return processor.registers().stream().map(RegisterDescription::group).distinct().filter(each -> !each.equals(without)).map(
        each -> Shown.branch(each, "", () -> group(processor, each))).toList();
  }

  static Shown register(InspectedProcessor processor, RegisterDescription register) {
    long[] value = processor.value(register.name());
    String memory = register.bits() == WORD ? "0x%x".formatted(value[0]) : null;
    return new Shown(register.name(), hex(value), register.fields().isEmpty() ? null : () -> fields(processor, register), processor
        .settable(register.name()) ? text -> processor.set(register.name(), words(text, register)) : null, memory);
  }

  private static List<Shown> fields(InspectedProcessor processor, RegisterDescription register) {
    List<Shown> shown = new ArrayList<>();
    for (RegisterField field : register.fields()) {
      if (field.high() < WORD) {
        shown.add(new Shown(field.name(), text(processor.value(register.name())[0], field), null, processor.settable(register.name())
            ? text -> set(processor, register, field, text) : null, null));
      }
    }
    return shown;
  }

  private static void set(InspectedProcessor processor, RegisterDescription register, RegisterField field, String text) {
    long value = Numbers.of(text);
    if ((value & ~mask(field)) != 0) {
      throw new RequestRefused(text + " doesn't fit: " + field.name() + " has " + field.width() + " bits");
    }
    long[] words = processor.value(register.name());
    words[0] = words[0] & ~(mask(field) << field.low()) | value << field.low();
    processor.set(register.name(), words);
  }

  private static long mask(RegisterField field) {
    return field.width() >= WORD ? -1L : (1L << field.width()) - 1;
  }

  private static String text(long value, RegisterField field) {
    return "0x%x".formatted(value >>> field.low() & mask(field));
  }

  /** The devices, and what is stored of each. */
  static List<Shown> devices(List<InspectedDevice> devices) {
    return devices.stream().map(each -> Shown.branch(each.name(), each.model(), each.registers().isEmpty() ? null : () -> device(each)))
        .toList();
  }

  private static List<Shown> device(InspectedDevice device) {
    return device.registers().stream().map(each -> deviceRegister(device, each)).toList();
  }

  private static Shown deviceRegister(InspectedDevice device, DeviceRegister register) {
    OptionalLong value = device.value(register);
    String name = (register.window().isEmpty() ? "" : register.window() + ":") + register.name();
    if (value.isEmpty()) {
      return Shown.of(name, "made when it is read");
    }
    List<Shown> fields = register.fields().stream().map(each -> Shown.of(each.name(), text(value.getAsLong(), each))).toList();
    return Shown.branch(name, "0x%x".formatted(value.getAsLong()), fields.isEmpty() ? null : () -> fields);
  }

  /** Words of 64 bits, the lowest first, as one number. */
  static String hex(long[] words) {
    StringBuilder text = new StringBuilder("0x%x".formatted(words[words.length - 1]));
    for (int i = words.length - 2; i >= 0; i--) {
      text.append("%016x".formatted(words[i]));
    }
    return text.toString();
  }

  private static long[] words(String text, RegisterDescription register) {
    if (register.words() == 1) {
      return new long[] {Numbers.of(text)};
    }
    String digits = text.strip();
    if (!digits.matches("0[xX][0-9a-fA-F]{1," + 16 * register.words() + "}")) {
      throw new RequestRefused("'" + text + "' is no value of " + register.bits() + " bits: expected 0x and hexadecimal digits");
    }
    String all = "0".repeat(16 * register.words() - digits.length() + 2) + digits.substring(2);
    long[] words = new long[register.words()];
    for (int i = 0; i < words.length; i++) {
      int end = all.length() - 16 * i;
      words[i] = Long.parseUnsignedLong(all.substring(end - 16, end), 16);
    }
    return words;
  }
}
