// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.kit.DeviceNames;

/** {@code log}: the last accesses to a device. */
final class LogCommand extends InspectCommand {
  private static final String OFF = "off";

  LogCommand(InspectedRuns runs) {
    super(runs, "log", "NODE [off] [json]", "the last accesses to a device's registers: begin to keep them, show them, end it", """
          The first time begins it: 256 accesses are kept from then on, of the device's windows, each with CPU, place and what is stored in the register
          behind the instruction. The machine is not halted, and accesses of that device take longer on the host.
          (xenolith) log pl011
          (xenolith) log pl011 off
          """);
  }

  @Override
  WordAnswer answer(InspectedRun run, List<String> words) {
    if (words.isEmpty()) {
      List<String> all = run.logs.devices();
      return new WordAnswer(all.isEmpty() ? "none is kept; log NODE begins\n" : String.join("\n", all) + "\n", WordAnswer.map("devices",
          all));
    }
    if (words.size() > 2 || words.size() == 2 && !words.get(1).equals(OFF)) {
      throw usage();
    }
    InspectedDevice device = DeviceNames.device(run.on, words.getFirst());
    if (words.size() == 2) {
      return WordAnswer.of(run.logs.end(device.name()) ? "" : device.name() + " is not logged\n");
    }
    if (run.logs.begin(device)) {
      return WordAnswer.of(device.name() + ": its last " + DeviceLogs.KEPT + " accesses are kept from now on\n");
    }
    StringBuilder text = new StringBuilder();
    List<Object> data = new ArrayList<>();
    for (DeviceLogs.Access each : run.logs.last(device.name())) {
      String symbol = run.view.processor(each.cpu()).flatMap(cpu -> PlaceText.symbol(run, cpu, each.at())).orElse("");
      String value = each.value().isPresent() ? WordAnswer.hex(each.value().getAsLong()) : "";
      text.append("%.9f  %-5s 0x%016x  %-5s %-16s %-12s %s".formatted(each.time() / 1e9, each.cpu() < 0 ? "-" : "cpu" + each.cpu(), each
          .at(), each.write()
              ? "write" : "read", each.register(), value, symbol).stripTrailing()).append('\n');
      data.add(WordAnswer.map("nanoseconds", each.time(), "cpu", each.cpu(), "address", WordAnswer.hex(each.at()), "symbol", symbol,
          "register",
          each.register(),
          "write", each.write(), "stored", value));
    }
    text.append("%,d accesses since it began%n".formatted(run.logs.all(device.name())));
    return new WordAnswer(text.toString(), WordAnswer.map("device", device.name(), "accesses", data, "all", run.logs.all(device.name())));
  }

  @Override
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    return words.size() == 1 ? devices(run) : List.of(OFF);
  }
}
