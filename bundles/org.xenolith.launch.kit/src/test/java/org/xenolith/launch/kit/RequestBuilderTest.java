// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.xenolith.launch.api.LaunchRequest;

class RequestBuilderTest {
  @Test
  void whatIsNotSaidIsLeftToTheLauncher() {
    LaunchRequest request = RequestBuilder.of("acme").build();
    assertEquals("acme", request.board());
    assertEquals(OptionalInt.empty(), request.cpus());
    assertEquals(OptionalLong.empty(), request.memory());
    assertEquals(Optional.empty(), request.text("kernel"));
    assertFalse(request.el2() || request.hypervisor() || request.noDom0() || request.shell());
    assertEquals(Map.of(), request.options());
    assertEquals(Optional.of("a"), RequestBuilder.ofSnapshot(Path.of("a")).build().text("load"));
  }

  @Test
  void domainsImplyAHypervisorAndThatEl2() {
    for (LaunchRequest request : List.of(RequestBuilder.of("virt").hypervisor(true).build(), RequestBuilder.of("virt").noDom0(true).build(),
        RequestBuilder.of("virt").domUs(List.of(Path.of("a.cfg"))).build())) {
      assertTrue(request.hypervisor() && request.el2());
    }
    assertFalse(RequestBuilder.of("virt").el2(true).build().hypervisor());
  }

  /** Every request, so that a builder that forgets one is found. */
  @Test
  void everythingGoesIntoARequestAndFromItIntoTheNext() {
    LaunchRequest request = RequestBuilder.of("acme").cpus(2).memory(3).boardOption("gic", "3").boardOption("its", "on")
        .cpuOption("granules", "4k").el2(true).guest("g").shell(true).bootsAgain(false)
        .bootsAgainUnlessSaid(true).hypervisor(true).domUs(List.of(Path.of("u")))
        .noDom0(
            true)
        .option(
            "x", "1").option("y", List.of("2", "3")).build();
    assertEquals(new BuiltRequest("acme", OptionalInt.of(2), OptionalLong.of(3), Map.of("gic", "3", "its", "on"),
        Map.of("granules", "4k"), true, Optional.of("g"), true, Optional.of(false), true, true, List.of(Path.of("u")), true, Map.of("x",
            List.of("1"), "y", List.of("2", "3"))), request);
    assertEquals(request, request.toBuilder().build());
    assertEquals(Map.of("z", List.of("1")), request.toBuilder().options(Map.of("z", List.of("1"))).build().options());
    assertEquals(Map.of(), request.toBuilder().boardOptions(Map.of()).build().boardOptions());
  }

  @Test
  void requestDoesNotChangeAnyMore() {
    List<String> disks = new ArrayList<>(List.of("a.img"));
    RequestBuilder builder = RequestBuilder.of("virt").disks(disks).option("x", "1");
    LaunchRequest request = builder.build();
    disks.add("b.img");
    builder.option("x", "2").boardOption("gic", "3");
    assertEquals(List.of("a.img"), request.option("disk"));
    assertEquals(List.of("1"), request.option("x"));
    assertEquals(Map.of(), request.boardOptions());
    assertThrows(UnsupportedOperationException.class, () -> request.options().clear());
  }
}
