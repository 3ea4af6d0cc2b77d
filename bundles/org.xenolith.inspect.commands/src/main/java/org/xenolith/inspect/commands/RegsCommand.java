// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.DeviceRegister;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.inspect.kit.DeviceNames;
import org.xenolith.inspect.kit.Texts;
import org.xenolith.inspect.kit.WaitingProcessor;
import org.xenolith.regs.RegisterField;

/** {@code regs}: registers of processors and devices. */
final class RegsCommand extends InspectCommand {
  private static final String GENERAL = "general";
  private static final String ALL = "all";
  private static final int COLUMNS = 3;

  RegsCommand(InspectedRuns runs) {
    super(runs, "regs", "[CPU|VCPU|NODE] [NAME] [json]", "registers of a CPU or a device; one with its fields, a group, all", """
          A CPU is cpu0, cpu1, …; without one it is the one that was stopped last. A NAME is a register as its manual has it, a group of a CPU's registers, or
          'all'. A VCPU is a domain's, d2v0, that no CPU executes now: its registers are those that its guest finds when it goes on. Of a device it is shown what is stored: no device is read, as a read may act.
          (xenolith) regs                       the general registers
          (xenolith) regs cpu1 PC               one of another CPU, with its fields if it has any
          (xenolith) regs pl011 UARTCR          one of a device
          """);
  }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    if (words.size() > 2) {
      throw usage();
    }
    String first = words.isEmpty() ? "" : words.getFirst();
    String second = words.size() > 1 ? words.get(1) : "";
    if (cpu(first).isPresent()) {
      return processor(run.processor(cpu(first).getAsInt()), second);
    }
    if (WaitingProcessor.is(first)) {
      return waiting(first, WaitingProcessor.registers(run.view, first), second);
    }
    if (words.size() < 2 && (first.isEmpty() || knows(run.processor(), first))) {
      return processor(run.processor(), first);
    }
    if (words.size() == 1 && !first.startsWith("/")) {
      // A word that is neither is near to whichever it was meant to be.
      List<String> near = both(registers(run), groups(run.processor()), devices(run));
      if (run.view.devices().stream().noneMatch(each -> each.name().contains(first))) {
        throw new BadInput("there is no register, group or device '" + first + "'" + Texts.near(first, near,
            "; regs all lists a CPU's registers, devices the devices"));
      }
    }
    return device(DeviceNames.device(run.on, first), second);
  }

  private static List<String> groups(InspectedProcessor processor) {
    return processor.registers().stream().map(RegisterDescription::group).distinct().toList();
  }

  private static boolean knows(InspectedProcessor processor, String name) {
    return name.equals(ALL) || groups(processor).contains(name) || processor.registers().stream().anyMatch(each -> each.name().equals(
        name));
  }

  private static WordAnswer processor(InspectedProcessor processor, String name) {
    List<RegisterDescription> one = processor.registers().stream().filter(each -> each.name().equals(name)).toList();
    if (!one.isEmpty()) {
      RegisterDescription register = one.getFirst();
      return one(register.name(), register.title(), register.bits(), processor.value(name), register.fields());
    }
    if (!name.isEmpty() && !knows(processor, name)) {
      throw new BadInput("cpu" + processor.index() + " has no register or group '" + name + "'" + Texts.near(name, processor.registers()
          .stream()
          .map(RegisterDescription::name).toList(), "; groups are " + String.join(", ", groups(processor)) + ", " + ALL));
    }
    String group = name.isEmpty() ? GENERAL : name;
    List<RegisterDescription> some = processor.registers().stream().filter(each -> group.equals(ALL) || each.group().equals(group))
        .toList();
    StringBuilder text = new StringBuilder();
    List<Object> data = new ArrayList<>();
    int column = 0;
    for (RegisterDescription each : some) {
      String value = Texts.value(processor.value(each.name()), each.bits());
      data.add(WordAnswer.map("name", each.name(), "group", each.group(), "bits", each.bits(), "value", value));
      boolean narrow = each.bits() <= 64 && each.name().length() <= 8;
      text.append(narrow ? "%-8s %-18s".formatted(each.name(), value) : "%-16s %s".formatted(each.name(), value));
      column = narrow ? (column + 1) % COLUMNS : 0;
      text.append(column == 0 ? "\n" : "  ");
    }
    return new WordAnswer(column == 0 ? text.toString() : text.toString().stripTrailing() + "\n", WordAnswer.map("cpu", processor.index(),
        "registers", data));
  }

  private static WordAnswer waiting(String vcpu, Map<String, Long> registers, String name) {
    if (!name.isEmpty() && !name.equals(ALL) && !registers.containsKey(name)) {
      throw new BadInput(vcpu + " has no register '" + name + "'" + Texts.near(name, registers.keySet(), "; regs " + vcpu + " lists them"));
    }
    boolean one = registers.containsKey(name);
    StringBuilder text = new StringBuilder();
    List<Object> data = new ArrayList<>();
    registers.forEach((each, value) -> {
      if (!one || each.equals(name)) {
        text.append("%-20s 0x%016x%n".formatted(each, value));
        data.add(WordAnswer.map("name", each, "value", "0x%016x".formatted(value)));
      }
    });
    return new WordAnswer(text.toString(), WordAnswer.map("vcpu", vcpu, "registers", data));
  }

  private static WordAnswer one(String name, String title, int bits, long[] value, List<RegisterField> fields) {
    StringBuilder text = new StringBuilder("%s = %s%s%n".formatted(name, Texts.value(value, bits), title.isEmpty() ? "" : "  " + title));
    List<Object> data = new ArrayList<>();
    for (RegisterField each : fields.reversed()) {
      long part = part(value, each);
      String place = each.width() == 1 ? String.valueOf(each.low()) : each.high() + ":" + each.low();
      text.append("  %-7s %-12s %-10s %s".formatted("[" + place + "]", each.name(), part < 10 && part >= 0 ? String.valueOf(part) : "0x"
          + Long
              .toHexString(part), each.words()).stripTrailing()).append('\n');
      data.add(WordAnswer.map("name", each.name(), "low", each.low(), "width", each.width(), "value", WordAnswer.hex(part), "words", each
          .words()));
    }
    return new WordAnswer(text.toString(), WordAnswer.map("name", name, "title", title, "bits", bits, "value", Texts.value(value, bits),
        "fields",
        data));
  }

  /** A field's value; of one that is wider than 64 bits the lowest of them. */
  private static long part(long[] value, RegisterField field) {
    int word = field.low() / 64;
    int shift = field.low() % 64;
    long low = word < value.length ? value[word] >>> shift : 0;
    long high = shift > 0 && word + 1 < value.length ? value[word + 1] << 64 - shift : 0;
    return (low | high) & (field.width() >= 64 ? -1L : (1L << field.width()) - 1);
  }

  private static WordAnswer device(InspectedDevice device, String name) {
    List<DeviceRegister> all = device.registers();
    if (all.isEmpty()) {
      return WordAnswer.of(device.name() + (device.model().isEmpty() ? ": no model is there\n"
          : ": its model has no table of registers\n"));
    }
    if (!name.isEmpty()) {
      DeviceRegister register = all.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(() -> new BadInput(device
          .name()
          + " has no register '" + name + "'" + Texts.near(name, all.stream().map(DeviceRegister::name).distinct().toList(), "; regs "
              + device
                  .name() + " lists them")));
      OptionalLong value = device.value(register);
      return value.isPresent() ? one(register.name(), register.title(), 8 * register.bytes(), new long[] {value.getAsLong()}, register
          .fields())
          : WordAnswer.of(name + " is made when it is read" + (register.title().isEmpty() ? "" : "  " + register.title()) + "\n");
    }
    StringBuilder text = new StringBuilder();
    List<Map<String, Object>> data = new ArrayList<>();
    for (DeviceRegister each : all) {
      OptionalLong value = device.value(each);
      String shown = value.isPresent() ? Texts.value(new long[] {value.getAsLong()}, 8 * each.bytes()) : "";
      text.append("%-12s +0x%04x %-20s %s%n".formatted(each.window(), each.offset(), each.name(), shown.isEmpty() ? "(made when read)"
          : shown));
      data.add(WordAnswer.map("window", each.window(), "name", each.name(), "offset", each.offset(), "bytes", each.bytes(), "value",
          shown));
    }
    return new WordAnswer(text.toString(), WordAnswer.map("device", device.name(), "registers", data));
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    if (words.size() > 1 && cpu(words.getFirst()).isEmpty()) {
      return DeviceNames.device(run.on, words.getFirst()).registers().stream().map(DeviceRegister::name).distinct().toList();
    }
    List<String> own = both(registers(run), groups(run.processor()), List.of(ALL));
    return words.size() > 1 ? own : both(own, run.cpus(), WaitingProcessor.names(run.view), devices(run));
  }
}
