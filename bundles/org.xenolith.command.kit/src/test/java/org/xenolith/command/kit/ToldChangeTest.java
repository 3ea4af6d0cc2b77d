// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.LiveChange.Touched;

class ToldChangeTest {
  private static final String MODEL = "org.xenolith.machine.api.DeviceModelFactory";

  @SuppressWarnings("unchecked")
  private static <T> T fake(Class<T> type, Map<String, Object> answers) {
    return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answers.get(method
        .getName()));
  }

  private static ServiceReference<?> service(Map<String, Object> properties) {
    return (ServiceReference<?>) Proxy.newProxyInstance(ServiceReference.class.getClassLoader(), new Class<?>[] {ServiceReference.class},
        (proxy, method, arguments) -> properties.get(arguments[0]));
  }

  private static ToldChange change(String version, ServiceReference<?>... services) {
    Bundle bundle = fake(Bundle.class, Map.of("getSymbolicName", "org.x.y", "getVersion", Version.parseVersion(version),
        "getRegisteredServices", services));
    return new ToldChange(fake(BundleContext.class, Map.of("getBundles", new Bundle[] {bundle})), "org.x.y");
  }

  private static Change done(String version, int devices) {
    return new Change(true, "org.x.y", version, devices, 0, "");
  }

  private static ToldChange fresh(ServiceReference<?>... services) {
    Bundle bundle = fake(Bundle.class, Map.of("getSymbolicName", "org.x.y", "getVersion", new Version("1.0.0"), "getRegisteredServices",
        services));
    return new ToldChange(fake(BundleContext.class, Map.of("getBundles", new Bundle[] {bundle})), "");
  }

  @Test
  void sayWhatWasDoneAndBetweenWhichVersions() {
    assertEquals("removed org.x.y 1.0.0, 2 devices affected", change("1.0.0").text(done("", 2)));
    assertEquals("removed org.x.y 1.0.0", change("1.0.0").text(done("", 0)));
    assertEquals("replaced org.x.y 1.0.0 by 1.1.0, 1 device", change("1.0.0").text(done("1.1.0", 1)));
    assertEquals("added org.x.y 1.0.0, 3 devices", fresh().text(done("1.0.0", 3)));
    assertEquals("not done: why", fresh().text(new Change(false, "org.x.y", "", 0, 0, "why")));
  }

  @Test
  void theMachinesThatAreTouchedAreNamed() {
    assertEquals("replaced org.x.y 1.0.0 by 1.1.0, 1 device of virt", change("1.0.0").text(touching("1.1.0", new Touched("virt", 1))));
    assertEquals("removed org.x.y 1.0.0, 3 devices (1 of virt, 2 of virt 2) affected", change("1.0.0").text(touching("",
        new Touched("virt", 1), new Touched("virt 2", 2))));
    assertEquals("5 devices (1 of virt, 4 of virt in the past)", ToldChange.touched(touching("1.1.0", new Touched("virt", 1),
        new Touched("virt in the past", 2), new Touched("virt in the past", 2))));
  }

  private static Change touching(String version, Touched... machines) {
    return new Change(true, "org.x.y", version, Stream.of(machines).mapToInt(Touched::devices).sum(), 0, "", List.of(machines));
  }

  @Test
  void whatHasNoDeviceYetSaysWhatItIsFor() {
    assertEquals("added org.x.y 1.0.0, offers acme,uart, acme,uart2, function nvme, subsystem vpci, firmware clock", fresh(
        service(Map.of("objectClass", new String[] {MODEL}, "xenolith.compatible", new String[] {"acme,uart", "acme,uart2"})),
        service(Map.of("objectClass", new String[] {MODEL}, "xenolith.function", "nvme")),
        service(Map.of("objectClass", new String[] {MODEL}, "xenolith.subsystem", "vpci")),
        service(Map.of("objectClass", new String[] {MODEL}, "xenolith.firmware", "clock"))).text(done("1.0.0", 0)));
    assertEquals("added org.x.y 1.0.0, offers a board provider", fresh(service(Map.of("objectClass",
        new String[] {"org.xenolith.platform.api.BoardProvider", "java.lang.Runnable"}))).text(done("1.0.0", 0)));
    assertEquals("added org.x.y 1.0.0, offers no service", fresh().text(done("1.0.0", 0)));
  }
}
