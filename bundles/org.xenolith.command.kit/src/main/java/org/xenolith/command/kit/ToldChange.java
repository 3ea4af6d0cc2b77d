// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.xenolith.machine.control.LiveChange.Change;

/** What became of a change of a bundle, for a person: added, replaced or removed, from which version to which, and what that gave. */
public final class ToldChange {
  /** What services say of the models behind them, and how a person calls it. */
  private static final List<List<String>> MATCHES = List.of(List.of("xenolith.compatible", ""), List.of("xenolith.function", "function "),
      List.of("xenolith.enable-method", "enable-method "), List.of("xenolith.subsystem", "subsystem "),
      List.of("xenolith.firmware", "firmware "), List.of("xenolith.engine", "engine "));
  private static final double MILLISECOND = 1e6;
  private static final String CONTRACTS = "org.xenolith.";
  private final BundleContext context;
  private final String before;

  /**
   * To be made before the change.
   *
   * @param teller a class of the bundle that tells it, which must be active
   * @param bundle symbolic name of what will be changed; empty if that isn't known
   */
  public static ToldChange of(Class<?> teller, String bundle) {
    // Without a framework, in a test, no version is known.
    return new ToldChange(Optional.ofNullable(FrameworkUtil.getBundle(teller)).map(Bundle::getBundleContext).orElse(null), bundle);
  }

  /** The same with the context of the bundle that tells it; null where no version can be known. */
  public ToldChange(BundleContext context, String bundle) {
    this.context = context;
    before = find(bundle).map(b -> b.getVersion().toString()).orElse("");
  }

  private Optional<Bundle> find(String name) {
    return context == null ? Optional.empty()
        : Arrays.stream(context.getBundles()).filter(b -> name.equals(b.getSymbolicName())).findFirst();
  }

  /** For a person, with how long machines stood still. */
  public String textWithPause(Change done) {
    return text(done) + (done.done() ? "; machines stood still for %.3f ms".formatted(done.hostNanoseconds() / MILLISECOND) : "");
  }

  /** For a person; without what a machine did meanwhile. */
  public String text(Change done) {
    String name = done.symbolicName();
    if (!done.done()) {
      return "not done: " + done.reason();
    }
    if (done.version().isEmpty()) {
      return ("removed " + name + " " + before).strip() + (done.devices() == 0 ? "" : ", " + touched(done) + " affected");
    }
    String what = before.isEmpty() ? "added " + name + " " + done.version() : "replaced " + name + " " + before + " by " + done.version();
    return what + ", " + (done.devices() > 0 ? touched(done) : provides(name));
  }

  /** How many devices a change affects, and of which machines: {@code 3 devices (1 of virt, 2 of pc-pvh)}. Those that are called alike are one. */
  public static String touched(Change done) {
    String devices = done.devices() == 1 ? "1 device" : done.devices() + " devices";
    Map<String, Integer> machines = new LinkedHashMap<>();
    done.machines().forEach(each -> machines.merge(each.machine(), each.devices(), Integer::sum));
    return switch (machines.size()) {
      case 0 -> devices;
      case 1 -> devices + " of " + machines.keySet().iterator().next();
      default -> machines.entrySet().stream().map(each -> each.getValue() + " of " + each.getKey()).collect(Collectors.joining(", ", devices
          + " (", ")"));
    };
  }

  /** What a bundle is there for that no machine has a device of, or not yet. */
  private String provides(String name) {
    ServiceReference<?>[] services = find(name).map(Bundle::getRegisteredServices).orElse(null);
    String all = Stream.ofNullable(services).flatMap(Arrays::stream).flatMap(ToldChange::provides).distinct().collect(Collectors.joining(
        ", "));
    return all.isEmpty() ? "offers no service" : "offers " + all;
  }

  private static Stream<String> provides(ServiceReference<?> service) {
    List<String> matches = MATCHES.stream()
        .flatMap(match -> values(service.getProperty(match.getFirst())).stream().map(value -> match.getLast() + value)).toList();
    if (!matches.isEmpty()) {
      return matches.stream();
    }
    return new TreeSet<>(values(service.getProperty("objectClass"))).stream().filter(type -> type.startsWith(CONTRACTS))
        .map(type -> "a " + words(type.substring(type.lastIndexOf('.') + 1)));
  }

  /** The texts that a service has as a property. */
  public static List<String> values(Object property) {
    return switch (property) {
      case String[] many -> Arrays.asList(many);
      case String one -> List.of(one);
      case null, default -> List.of();
    };
  }

  /** BoardProvider is a board provider. */
  private static String words(String type) {
    return type.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
