// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.BundleRevision;
import org.xenolith.command.api.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code shell}: the OSGi console with the commands of the monitor. */
@Command(name = "shell", mixinStandardHelpOptions = true,
    description = "The OSGi console (bundles, services) with the scope 'xenolith': replace, remove, add; launch, console, send,"
        + " monitor and halt for a machine beside it; and the commands that bundles add to the monitor.")
final class ShellCommand implements Callable<Integer> {
  /** What those of the shell say they have. */
  private static final String BUNDLES = "org.apache.felix.gogo";

  private final Installed installed;
  private final BundleContext context;

  @Spec
  private CommandSpec spec;

  ShellCommand(Installed installed, BundleContext context) {
    this.installed = installed;
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter err = spec.commandLine().getErr();
    startShell();
    ServiceReference<CommandProcessor> reference = context.getServiceReference(CommandProcessor.class);
    if (reference == null) {
      err.println("xenolith: the OSGi shell's bundles are not installed");
      return ExitCode.BAD_INPUT;
    }
    List<ServiceRegistration<?>> commands = new ArrayList<>();
    CommandProcessor processor = context.getService(reference);
    // Not System.in and its sisters: the shell puts itself there, and would then talk to itself.
    try (ShellMachine machine = register(commands); CommandSession session = processor.createSession(new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err))) {
      session.execute("gosh --login --noshutdown");
    } finally {
      commands.forEach(ServiceRegistration::unregister);
      context.ungetService(reference);
    }
    return ExitCode.DONE;
  }

  /** The launcher leaves the shell's bundles to who wants a shell. */
  private void startShell() throws BundleException {
    for (Bundle bundle : context.getBundles()) {
      BundleRevision revision = bundle.adapt(BundleRevision.class);
      if (revision != null && !revision.getDeclaredCapabilities(BUNDLES).isEmpty()) {
        bundle.start(Bundle.START_TRANSIENT);
      }
    }
  }

  private ShellMachine register(List<ServiceRegistration<?>> commands) {
    ShellMachine machine = new ShellMachine(installed);
    commands.add(context.registerService(ShellFunctions.class, new ShellFunctions(installed.change()),
        properties("replace", "remove", "add")));
    commands.add(context.registerService(ShellMachine.class, machine, properties("launch", "console", "send", "monitor", "halt")));
    for (String name : installed.prompt().names()) {
      Function function = (session, words) -> machine.added(name, words.stream().map(String::valueOf).toList());
      commands.add(context.registerService(Function.class, function, properties(name)));
    }
    return machine;
  }

  private static Dictionary<String, Object> properties(String... functions) {
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put("osgi.command.scope", "xenolith");
    properties.put("osgi.command.function", functions);
    return properties;
  }
}
