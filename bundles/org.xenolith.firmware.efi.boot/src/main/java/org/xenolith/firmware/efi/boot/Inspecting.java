// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.xenolith.efi.boot.api.ControllerBranch;
import org.xenolith.efi.boot.api.HandleFacts;
import org.xenolith.efi.boot.api.Inspection;
import org.xenolith.efi.boot.api.OpenCallFacts;
import org.xenolith.efi.boot.api.ProtocolFacts;

/** Answers people's questions; the guest's memory is looked at, not changed. */
final class Inspecting implements Inspection {
  private static final String VARIABLES = "vars";

  private final Supplier<Map<String, BootFirmware>> running;
  private final Supplier<List<String>> variables;

  /**
   * @param running   firmware whose boot services are there, by names; the machine's has none
   * @param variables the machine's, as lines
   */
  Inspecting(Supplier<Map<String, BootFirmware>> running, Supplier<List<String>> variables) {
    this.running = running;
    this.variables = variables;
  }

  @Override
  public List<String> questions() {
    return List.of("dh      handles and their protocols", "drivers driver bindings, and how many controllers each manages",
        "devtree controllers below one another, with who manages them", "map     file systems and disks",
        "memmap  memory by its kinds", "vars    the board's variables", "layers  bundles that are layers",
        "calls   calls that are open, the innermost last");
  }

  @Override
  public List<String> answer(String question) {
    if (question.equals(VARIABLES)) {
      return variables.get();
    }
    List<String> lines = new ArrayList<>();
    running.get().forEach((name, firmware) -> {
      if (!name.isEmpty()) {
        lines.add(name + ":");
      }
      lines.addAll(new View(firmware, new FirmwareSurvey(firmware)).answer(question));
    });
    return lines;
  }

  /** What one firmware has. */
  private record View(BootFirmware firmware, FirmwareSurvey survey) {
    private List<String> answer(String question) {
      return switch (question) {
        case "dh" -> survey.handles().stream().map(View::handle).toList();
        case "drivers" -> survey.drivers(survey.handles()).stream().map(each -> "%3d  %s".formatted(each.controllers().size(), each.name()))
            .toList();
        case "devtree" -> tree();
        case "map" -> DiskMap.lines(survey.handles());
        case "memmap" -> firmware.pageMap().lines();
        case "layers" -> survey.layers().stream().map(layer -> layer.name() + " version " + layer.version()).toList();
        case "calls" -> survey.calls().stream().map(View::call).toList();
        default -> throw new IllegalArgumentException(question);
      };
    }

    private List<String> tree() {
      List<String> lines = new ArrayList<>();
      branches(survey.facts("").tree(), 0, lines);
      return lines;
    }

    private static String handle(HandleFacts handle) {
      return "%02X: %s%s".formatted(handle.number(), handle.protocols().stream().map(ProtocolFacts::name).collect(Collectors.joining(" ")),
          handle.path().isEmpty() ? "" : "  " + handle.path());
    }

    private static String call(OpenCallFacts call) {
      return call.layer() + "." + call.function() + " step " + call.step() + (call.waits() ? ", waits" : "") + ", open for " + call
          .microseconds() / 1000 + " ms";
    }

    private static void branches(List<ControllerBranch> all, int depth, List<String> lines) {
      for (ControllerBranch each : all) {
        String managers = String.join(", ", each.controller().managers());
        lines.add("  ".repeat(depth) + each.controller().path() + (managers.isEmpty() ? "" : "  [" + managers + "]"));
        branches(each.below(), depth + 1, lines);
      }
    }
  }
}
