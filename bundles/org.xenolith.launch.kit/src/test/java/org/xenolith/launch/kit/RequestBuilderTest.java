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
    assertEquals(Map.of(), request.options());
    assertEquals(Optional.of("a"), RequestBuilder.ofSnapshot(Path.of("a")).build().text("load"));
  }

  @Test
  void domainsImplyAHypervisor() {
    for (RequestBuilder request : List.of(RequestBuilder.of("virt").hypervisor(true), RequestBuilder.of("virt").noDom0(true), RequestBuilder
        .of("virt").domUs(List.of(Path.of("a.cfg"))))) {
      assertTrue(request.build().has("hypervisor"));
      assertTrue(request.domUs(List.of()).noDom0(false).build().has("hypervisor"), "what was said stays");
      assertEquals(Map.of(), request.hypervisor(false).build().options());
    }
    assertFalse(RequestBuilder.of("virt").domUs(List.of()).noDom0(false).build().has("hypervisor"));
  }

  /** Every request, so that a builder that forgets one is found. */
  @Test
  void everythingGoesIntoARequestAndFromItIntoTheNext() {
    LaunchRequest request = RequestBuilder.of("acme").cpus(2).memory(3).boardOption("gic", "3").boardOption("its", "on")
        .boardOption("gic", "2").guest("g").shell(true).bootsAgain(false).option("x", "1").option("y", List.of("2", "3")).build();
    assertEquals(new BuiltRequest("acme", OptionalInt.of(2), OptionalLong.of(3), Optional.of("g"), Map.of("option", List.of("its=on",
        "gic=2"), "attended", List.of("person"), "on-reset", List.of("stop"), "x", List.of("1"), "y", List.of(
            "2", "3"))), request);
    assertEquals(Map.of(), RequestBuilder.of("acme").shell(true).shell(false).build().options());
    assertEquals(List.of("boot"), RequestBuilder.of("acme").bootsAgain(true).build().option("on-reset"));
    assertEquals(request, request.toBuilder().build());
    assertEquals(Map.of("z", List.of("1")), request.toBuilder().options(Map.of("z", List.of("1"))).build().options());
    assertEquals(Map.of("its", "on", "gic", "2"), request.boardOptions());
    assertEquals(Map.of("a", "b=c"), RequestBuilder.of("acme").boardOption("x", "1").boardOptions(Map.of("a", "b=c")).build()
        .boardOptions());
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
