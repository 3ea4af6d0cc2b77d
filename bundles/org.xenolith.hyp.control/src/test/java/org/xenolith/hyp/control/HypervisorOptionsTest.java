// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;

class HypervisorOptionsTest {
  private final List<LaunchOption> offered = new ArrayList<>();

  @BeforeEach
  void offer() {
    new HypervisorOptions((BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class},
        (self, method, arguments) -> {
          offered.add((LaunchOption) arguments[1]);
          return null;
        }));
  }

  private LaunchOption option(String name) {
    return offered.stream().filter(option -> option.description().name().equals(name)).findFirst().orElseThrow();
  }

  private LaunchRequest request(String name, String text) {
    LaunchRequest.Builder request = RequestBuilder.of("virt");
    option(name).use(List.of(text), request);
    return request.build();
  }

  private String refused(String name, String text, String... said) {
    return OptionName.onCommandLine(assertThrows(BadInput.class, () -> {
      request(name, text);
      option(name).check(List.of(text), Set.of(said));
    }).getMessage());
  }

  @Test
  void whatDom0HasIsRead() {
    assertEquals(OptionalLong.of(256 << 20), HypervisorOptions.dom0Memory(request("dom0-memory", "256M")));
    assertEquals(OptionalInt.of(128), HypervisorOptions.dom0Vcpus(request("dom0-vcpus", "128")));
    assertEquals(OptionalLong.empty(), HypervisorOptions.dom0Memory(request("hypervisor", "on")));
    assertTrue(HypervisorOptions.noDom0(request("no-dom0", "on")) && HypervisorOptions.hypervisor(request("domu", "a.cfg"))
        && HypervisorOptions.hypervisor(request("no-dom0", "on")));
  }

  @Test
  void theBuilderOfDom0IsChosenByItsName() {
    assertEquals("arm.dt.dom0", HypervisorOptions.dom0Builder(request("dom0-builder", "arm.dt.dom0")));
    assertEquals("", HypervisorOptions.dom0Builder(request("hypervisor", "on")));
    option("dom0-builder").check(List.of("arm.dt.dom0"), Set.of("dom0-builder", "hypervisor"));
    assertEquals("--dom0-builder 'x': there is no Dom0 without --hypervisor", refused("dom0-builder", "x", "dom0-builder"));
    assertEquals("--dom0-builder 'x': there is no Dom0 without --hypervisor", refused("dom0-builder", "x", "domu", "no-dom0"));
  }

  @Test
  void whatCanNotBeMeantIsRefused() {
    assertEquals("--dom0-vcpus '129': expected 1 to 128", refused("dom0-vcpus", "129"));
    assertEquals("'x' is no possible amount of memory: expected for example 512M or 2G", refused("dom0-memory", "x"));
    assertEquals("--domu 'none.cfg': no such file", refused("domu", "none.cfg", "domu"));
    assertEquals("--no-dom0 leaves nothing to run: name domains with --domu", refused("no-dom0", "on", "no-dom0"));
    String places = "--hypervisor excludes --kernel-address and --entry: a domain's kernel goes where its builder puts it";
    assertEquals(places, refused("hypervisor", "on", "kernel", "entry"));
    assertEquals(places, refused("domu", "none.cfg", "kernel", "kernel-address"));
  }
}
