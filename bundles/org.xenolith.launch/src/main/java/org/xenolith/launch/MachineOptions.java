// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.WrittenNumber;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.ModelSetting;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.platform.api.BoardProvider;

/** What a launch can be told about the board, its CPUs and the options of models. */
@Component(immediate = true)
public final class MachineOptions {
  private static final int MOST_CPUS = 8;
  static final String ENGINE = "engine";
  static final String SET = "set";
  private static final String TOPIC = "Machine";
  /** Property of an engine's service: its name. */
  private static final String OFFERED = "xenolith.engine";
  private final BundleContext context;

  /** Offers them until the bundle stops. */
  @Activate
  public MachineOptions(BundleContext context) {
    this.context = context;
    Stream.of(board(), cpus(), memory(), engine(), option(), set())
        .forEach(option -> context.registerService(LaunchOption.class, option, null));
  }

  private GeneralOption board() {
    return GeneralOption.of(described("board", Form.TEXT, 100).value("BOARD").words("Board",
        "A board's name, or a .dtb, .dts or .platform file."),
        LaunchRequest.Builder::board).proposing(this::boards);
  }

  private static GeneralOption cpus() {
    return GeneralOption.of(described("cpus", Form.TEXT, 110).value("N").words("CPUs", "CPUs, 1 to 8 (default: 1, or what a file says)."),
        (request, text) -> request.cpus(within("cpus", text, 1, MOST_CPUS)));
  }

  private static GeneralOption memory() {
    return GeneralOption.of(described("memory", Form.TEXT, 120).value("SIZE").words("Memory",
        "RAM, for example 512M or 2G (default: 512M, or what a file says)."), (request, text) -> request.memory(WrittenNumber.memory(
            text)));
  }

  private GeneralOption engine() {
    return GeneralOption.of(described(ENGINE, Form.CHOICE, 150).value("NAME").outsideSnapshot().words("CPU engine",
        "CPU engine: machinecode, regions, interpreter; machinecode-lockstep or lockstep, which compare the first or the second with the"
            + " third (default: the best installed)."),
        (request, text) -> request.option(ENGINE, text))
        .proposing(this::engines);
  }

  private static GeneralOption option() {
    return GeneralOption.ofAll(described("option", Form.TEXT, 170).value("NAME=VALUE").repeated().words("Options of the board",
        "An option of a board that is made to measure: on virt kaslr-seed=none, its=off, platform-bus=off, virtio=N … May be repeated."),
        (request, texts) -> texts.forEach(text -> {
          int equals = text.indexOf('=');
          if (equals <= 0) {
            throw BadInput.at("option", text, "expected NAME=VALUE, for example its=off");
          }
          request.boardOption(text.substring(0, equals), text.substring(equals + 1));
        }));
  }

  private static GeneralOption set() {
    return GeneralOption.ofAll(described(SET, Form.TEXT, 180).value("NODE:OPTION=VALUE").repeated().words("Options of models",
        "A model's option or quirk switch at a node; the command 'models' lists them. May be repeated."), (request, texts) -> {
          texts.forEach(ModelSetting::of);
          request.option(SET, texts);
        });
  }

  /** Name of the CPU engine; empty for the highest ranking. */
  static String engine(LaunchRequest request) {
    return request.text(ENGINE).orElse("");
  }

  /** Options of models by node and name. */
  static Map<String, Map<String, String>> settings(LaunchRequest request) {
    return settings(request.option(SET));
  }

  /** Options by node and name, from texts as a user writes them. */
  static Map<String, Map<String, String>> settings(List<String> texts) {
    Map<String, Map<String, String>> byNode = new HashMap<>();
    for (String text : texts) {
      ModelSetting setting = LaunchOptions.parsed(SET, text, ModelSetting::of);
      byNode.computeIfAbsent(setting.node(), n -> new LinkedHashMap<>()).put(setting.option(), setting.value());
    }
    return byNode;
  }

  private static OptionDescription described(String name, Form form, int place) {
    return OptionDescription.of(name, form, TOPIC, place);
  }

  private static int within(String option, String text, int least, int most) {
    if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
      throw BadInput.at(option, text, "expected " + least + (most - least == 1 ? " or " : " to ") + most);
    }
    return Integer.parseInt(text);
  }

  private List<String> boards() {
    return services(BoardProvider.class.getName()).map(context::getService).filter(Objects::nonNull)
        .map(board -> ((BoardProvider) board).name()).distinct().sorted().toList();
  }

  private List<String> engines() {
    return services(CpuEngineFactory.class.getName()).map(s -> String.valueOf(s.getProperty(OFFERED))).distinct().sorted()
        .toList();
  }

  private Stream<ServiceReference<?>> services(String type) {
    try {
      ServiceReference<?>[] found = context.getAllServiceReferences(type, null);
      return found == null ? Stream.empty() : Arrays.stream(found);
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // there is no filter
    }
  }
}
