// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * A provider bundle that is installed, or was until it was removed.
 *
 * @param name    symbolic name
 * @param version its version
 * @param offers  what it offers: contracts, with what they match
 * @param removed whether it was removed
 */
record Provider(String name, String version, String offers, boolean removed) {
  private static final String PREFIX = "org.xenolith.";

  /** All that are installed, by name. */
  static List<Provider> installed(BundleContext context) {
    return Arrays.stream(context.getBundles()).filter(Provider::provides).map(Provider::of)
        .sorted(Comparator.comparing(Provider::name)).toList();
  }

  /** Its name without what all have. */
  String shortName() {
    return name.substring(PREFIX.length());
  }

  /** Its version, or that it is gone. */
  String state() {
    return removed ? "removed (" + version + ")" : version;
  }

  private static Provider of(Bundle bundle) {
    return new Provider(bundle.getSymbolicName(), bundle.getVersion().toString(),
        String.join("; ", services(bundle).map(Provider::offer).distinct().sorted().toList()), false);
  }

  /** Cores have names of one word or are the platform's; they and contracts stay while machines run. */
  private static boolean provides(Bundle bundle) {
    String name = bundle.getSymbolicName();
    return name != null && name.startsWith(PREFIX) && name.indexOf('.', PREFIX.length()) > 0
        && !name.startsWith(PREFIX + "platform.") && !name.startsWith(PREFIX + "ui.") && services(bundle).findAny().isPresent();
  }

  private static Stream<ServiceReference<?>> services(Bundle bundle) {
    ServiceReference<?>[] registered = bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING
        ? bundle.getRegisteredServices() : null;
    return registered == null ? Stream.empty() : Arrays.stream(registered).filter(s -> !contract(s).isEmpty());
  }

  private static String contract(ServiceReference<?> service) {
    return Arrays.stream((String[]) service.getProperty(Constants.OBJECTCLASS)).filter(c -> c.startsWith(PREFIX))
        .map(c -> c.substring(c.lastIndexOf('.') + 1)).findFirst().orElse("");
  }

  /** The contract, and what it is offered for: its properties {@code xenolith.*}. */
  private static String offer(ServiceReference<?> service) {
    String matches = Arrays.stream(service.getPropertyKeys()).filter(key -> key.startsWith("xenolith.")).sorted()
        .flatMap(key -> service.getProperty(key) instanceof Object[] several ? Arrays.stream(several) : Stream.of(service.getProperty(key)))
        .map(Object::toString).filter(text -> !text.isEmpty()).collect(Collectors.joining(", "));
    return matches.isEmpty() ? contract(service) : contract(service) + " " + matches;
  }
}
