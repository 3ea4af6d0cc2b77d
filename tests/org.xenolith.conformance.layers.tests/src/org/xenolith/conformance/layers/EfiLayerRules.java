// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What keeps each layer of firmware exchangeable: it knows protocols and no bundle, and a driver consumes one. What is a bus here is one of the protocols below, or a
 * driver's own mark on devices of the device tree.
 *
 * <p>A driver may name two buses if it manages one of them: it is a bus driver, which publishes the other (virtio on PCI, the SCSI bus). That it doesn't look at
 * an interface of the other, if a controller has both, can't be told from classes: the contract of drivers shows it, so that each must be held against that.
 * {@code DriverLayer} opens nothing but what {@code managed()} says.
 */
final class EfiLayerRules {
  /** As {@code Protocol} names them. */
  static final List<String> BUSES = List.of("XEN_IO", "XEN_BUS", "VIRTIO_DEVICE", "PCI_IO", "PCI_ROOT_BRIDGE_IO", "EXT_SCSI_PASS_THRU",
      "SCSI_IO");

  private EfiLayerRules() {}

  /**
   * Which layers use another provider.
   *
   * @param layers    bundles that have one
   * @param providers bundles that are providers, of whatever
   */
  static List<String> imports(Set<String> layers, Set<String> providers, List<BuiltBundle> bundles) {
    Map<String, String> exporters = new HashMap<>();
    bundles.stream().filter(bundle -> providers.contains(bundle.name())).forEach(bundle -> bundle.exports().keySet().forEach(
        name -> exporters.put(name, bundle.name())));
    List<String> violations = new ArrayList<>();
    for (BuiltBundle bundle : bundles) {
      if (layers.contains(bundle.name())) {
        bundle.imports().keySet().stream().filter(name -> exporters.containsKey(name) && !exporters.get(name).equals(bundle.name()))
            .forEach(
                name -> violations.add(bundle.name() + " imports " + name + " of " + exporters.get(name)
                    + ": a layer finds others by protocols; what both need belongs into a kit"));
        bundle.requires().stream().filter(providers::contains).forEach(name -> violations.add(bundle.name() + " requires " + name
            + ": a layer finds others by protocols"));
      }
    }
    return violations;
  }

  /** What breaks a rule, one line each. @param protocols GUIDs by their names */
  static List<String> violations(List<EfiDriver> drivers, Map<String, String> protocols) {
    List<String> violations = new ArrayList<>();
    Map<String, String> buses = new HashMap<>();
    for (String bus : BUSES) {
      if (!protocols.containsKey(bus)) {
        violations.add("Protocol has no " + bus + ": correct EfiLayerRules.BUSES");
      } else {
        buses.put(protocols.get(bus), bus);
      }
    }
    Map<String, String> marks = new HashMap<>();
    for (EfiDriver driver : drivers) {
      if (driver.tree() && marks.putIfAbsent(driver.managed(), driver.bundle()) != null) {
        violations.add(driver.type() + " marks devices of the tree as " + marks.get(driver.managed()) + " does, by " + driver.managed());
      }
    }
    for (EfiDriver driver : drivers) {
      violations.addAll(violations(driver, buses, marks));
    }
    return violations;
  }

  private static List<String> violations(EfiDriver driver, Map<String, String> buses, Map<String, String> marks) {
    List<String> violations = new ArrayList<>();
    if (driver.managed().equals("null")) {
      violations.add(driver.type() + " doesn't say what it manages: managed() returns null");
    }
    Set<String> others = new TreeSet<>();
    for (String guid : driver.names()) {
      if (buses.containsKey(guid) && !guid.equals(driver.managed())) {
        others.add(buses.get(guid));
      }
      if (marks.containsKey(guid) && !marks.get(guid).equals(driver.bundle())) {
        violations.add(driver.bundle() + " names " + guid + ", the mark of " + marks.get(guid) + " on devices of the tree");
      }
    }
    if (others.size() > 1) {
      violations.add(driver.bundle() + " names " + String.join(", ", others) + " besides " + buses.getOrDefault(driver.managed(), driver
          .managed()) + ", which it manages: a driver consumes one bus and publishes one at most");
    }
    if (!driver.held()) {
      violations.add(driver.bundle() + " has no test that extends DriverContract: " + driver.type() + " may be offered what isn't its own");
    }
    return violations;
  }
}
