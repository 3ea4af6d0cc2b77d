// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.xenolith.command.kit.JsonOption;
import org.xenolith.command.kit.ToldChange;
import org.xenolith.cpu.api.CpuDescription;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the models, engines and CPUs that are installed, and what each matches. */
@Command(name = "models", mixinStandardHelpOptions = true,
    description = "Lists the installed hardware models, CPU engines and CPUs, what each matches and its options.")
final class ModelsCommand implements Runnable {
  private static final List<String> MATCHES =
      List.of("xenolith.compatible", "xenolith.function", "xenolith.enable-method");
  private final BundleContext context;

  @Spec
  private CommandSpec spec;

  @Option(names = "--options", description = "Show each model's options and quirk switches too, and what each CPU's registers say.")
  private boolean options;

  @Mixin
  private JsonOption json;

  /** The answer as JSON. @param wrong of a CPU, why its file can't be used */
  private record Answer(List<Model> models, List<Engine> engines, List<Cpu> cpus) {
    record Model(String name, String bundle, List<String> matches, String summary, List<ModelDescription.Option> options) {}

    record Engine(String name, String bundle) {}

    record Cpu(String name, String bundle, String instructions, String summary, String wrong) {}
  }

  ModelsCommand(BundleContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    var out = spec.commandLine().getOut();
    if (json.asked()) {
      JsonOption.print(out, "models", 1, answer());
      return;
    }
    references(DeviceModelFactory.class).forEach(reference -> {
      DeviceModelFactory factory = context.getService(reference);
      ModelDescription model = factory.description();
      out.printf("%-12s %-34s %s%n", model.name(), bundle(reference), matches(reference));
      out.printf("%-12s %s%n", "", model.summary());
      if (options) {
        model.options().forEach(o -> out.printf("%-12s   %s%s=%s  %s%n", "", o.quirk() ? "[quirk] " : "", o.name(),
            o.initial(), o.meaning()));
      }
      context.ungetService(reference);
    });
    references(CpuEngineFactory.class).forEach(reference -> out.printf("%-12s %-34s engine %s%n", "CPU engine",
        bundle(reference), reference.getProperty("xenolith.engine")));
    references(CpuDescription.class).forEach(reference -> {
      cpu(context.getService(reference), bundle(reference), out);
      context.ungetService(reference);
    });
    out.flush();
  }

  /** What a CPU has, and with its options all that its registers say. */
  private void cpu(CpuDescription cpu, String bundle, PrintWriter out) {
    out.printf("%-12s %-34s %s%n", "CPU", bundle, cpu.name());
    try {
      CpuFile file = CpuFile.of(cpu);
      out.printf("%-12s %s: %s%n", "", file.instructions(), file.summary());
      if (options) {
        file.lines().forEach(line -> out.printf("%-12s   %s%n", "", line.rest(0)));
      }
    } catch (ModelException wrong) {
      out.printf("%-12s wrong: %s%n", "", wrong.getMessage());
    }
  }

  private <T> Stream<ServiceReference<T>> references(Class<T> type) {
    try {
      return context.getServiceReferences(type, null).stream().sorted((a, b) -> bundle(a).compareTo(bundle(b)));
    } catch (org.osgi.framework.InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String bundle(ServiceReference<?> reference) {
    var bundle = reference.getBundle();
    return bundle == null ? "" : bundle.getSymbolicName();
  }

  private static String matches(ServiceReference<?> reference) {
    return matched(reference).collect(Collectors.joining(", "));
  }

  private static Stream<String> matched(ServiceReference<?> reference) {
    return MATCHES.stream().flatMap(key -> ToldChange.values(reference.getProperty(key)).stream());
  }

  private Answer answer() {
    Answer answer = new Answer(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    references(DeviceModelFactory.class).forEach(reference -> {
      ModelDescription model = context.getService(reference).description();
      answer.models().add(new Answer.Model(model.name(), bundle(reference), matched(reference).toList(), model.summary(), model.options()));
      context.ungetService(reference);
    });
    references(CpuEngineFactory.class).forEach(reference -> answer.engines().add(new Answer.Engine(String.valueOf(reference.getProperty(
        "xenolith.engine")), bundle(reference))));
    references(CpuDescription.class).forEach(reference -> {
      answer.cpus().add(cpu(context.getService(reference), bundle(reference)));
      context.ungetService(reference);
    });
    return answer;
  }

  private static Answer.Cpu cpu(CpuDescription cpu, String bundle) {
    try {
      CpuFile file = CpuFile.of(cpu);
      return new Answer.Cpu(cpu.name(), bundle, file.instructions(), file.summary(), null);
    } catch (ModelException wrong) {
      return new Answer.Cpu(cpu.name(), bundle, null, null, wrong.getMessage());
    }
  }
}
