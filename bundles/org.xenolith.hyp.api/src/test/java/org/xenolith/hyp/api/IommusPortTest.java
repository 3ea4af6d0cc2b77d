// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.xen.abi.XenErrno;

/** Two SMMUs with drivers of their own, each before a host bridge; a third bridge names a node that isn't there. */
class IommusPortTest {
  private final List<String> told = new ArrayList<>();
  private final PlatformNode one = node("/one", FdtProperty.ofCells("phandle", 1));
  private final PlatformNode two = node("/two", FdtProperty.ofCells("phandle", 2));
  private final HostBridgePort first = bridge("/first", 0, 0, 1, 0, 0x1_0000);
  private final HostBridgePort second = bridge("/second", 1, 0, 2, 0, 0x1_0000);
  private final HostBridgePort broken = bridge("/broken", 2, 0, 9, 0, 0x1_0000);
  private final Platform platform = new Platform("test", null, List.of(one, two, first.node(), second.node(), broken.node()),
      Platform.Timing.STANDARD);
  private final IommusPort smmus = new IommusPort();

  private static PlatformNode node(String path, FdtProperty property) {
    return new PlatformNode(path, path.substring(1), "/", List.of(property), List.of(), true, List.of(), List.of(), Map.of());
  }

  private static HostBridgePort bridge(String path, int segment, int... map) {
    return new HostBridgePort(node(path, FdtProperty.ofCells("iommu-map", map)), segment);
  }

  private DeviceContext driver(String name) {
    return (DeviceContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {DeviceContext.class},
        (self, method, words) -> switch (method.getName()) {
          case "platform" -> platform;
          case "instance" -> name;
          case "failed" -> told.add(name + " failed");
          default -> throw new AssertionError(method.getName());
        });
  }

  private Iommu iommu(String name, int answer) {
    return new Iommu() {
      @Override
      public boolean driven() {
        return true;
      }

      @Override
      public boolean covers(long stream) {
        if (stream == 0xBAD) {
          throw new IllegalStateException("a bug");
        }
        return stream < 0x100;
      }

      @Override
      public int attach(int sbdf, long stream, Domain domain) {
        told.add(name + " attach " + Integer.toHexString(sbdf) + " as " + stream);
        return answer;
      }

      @Override
      public void detach(int sbdf) {
        told.add(name + " detach " + Integer.toHexString(sbdf));
      }
    };
  }

  @Test
  void withoutADriverNothingIsIsolated() {
    assertFalse(smmus.covers(first, 8));
    assertEquals(-XenErrno.XEN_ENODEV, smmus.attach(first, 8, null));
    assertEquals(List.of(), smmus.streams(first, 8));
    assertEquals(List.of(), smmus.nodes());
    smmus.detach(first, 8);
  }

  @Test
  void eachSmmuIsAskedForItsOwn() {
    smmus.at(one, driver("one")).attach(iommu("one", 0), driver("one"));
    smmus.at(two, driver("two")).attach(iommu("two", -XenErrno.XEN_EBUSY), driver("two"));
    assertEquals(0, smmus.attach(first, 8, null));
    assertEquals(-XenErrno.XEN_EBUSY, smmus.attach(second, 8, null));
    assertEquals(List.of("one attach 8 as 8", "two attach 10008 as 8"), told);
    assertTrue(smmus.covers(first, 8));
    assertFalse(smmus.covers(second, 0x100));
    assertEquals(List.of("/one", "/two"), smmus.nodes());
  }

  @Test
  void theSameIdAtAnotherSmmuIsAnotherStream() {
    smmus.at(one, driver("one"));
    assertEquals(List.of(new IommuStream("/one", 8)), smmus.streams(first, 8));
    assertEquals(List.of(new IommuStream("/two", 8)), smmus.streams(second, 8));
    assertEquals(List.of(), smmus.streams(broken, 8), "its map is broken");
    assertFalse(smmus.covers(broken, 8));
  }

  @Test
  void oneDriverGoesAndTheOtherStays() {
    Iommu leaving = iommu("one", 0);
    smmus.at(one, driver("one")).attach(leaving, driver("one"));
    smmus.at(two, driver("two")).attach(iommu("two", 0), driver("two"));
    smmus.at(one, driver("one")).detach(leaving);
    assertEquals(List.of("/two"), smmus.nodes());
    assertEquals(-XenErrno.XEN_ENODEV, smmus.attach(first, 8, null));
    assertEquals(0, smmus.attach(second, 8, null));
    assertSame(smmus.at(one, driver("one")), smmus.all().getFirst(), "its port stays");
  }

  @Test
  void whatADriverThrowsIsItsOwnFailure() {
    smmus.at(one, driver("one")).attach(iommu("one", 0), driver("one"));
    smmus.at(two, driver("two")).attach(iommu("two", 0), driver("two"));
    assertFalse(smmus.covers(first, 0xBAD));
    assertEquals(List.of("one failed"), told);
    assertEquals(List.of("/two"), smmus.nodes());
  }

  @Test
  void allWhoKeepTranslationsHearOfStageTwo() {
    P2mPort p2m = new P2mPort();
    P2mListener buggy = domain -> {
      throw new IllegalStateException("a bug");
    };
    P2mListener leaving = domain -> told.add("leaving");
    p2m.listen(leaving, driver("leaving"));
    p2m.listen(buggy, driver("buggy"));
    p2m.listen(domain -> told.add("staying"), driver("staying"));
    p2m.changed(null);
    p2m.forget(leaving);
    p2m.listen(domain -> told.add("its next version"), driver("staying"));
    p2m.changed(null);
    assertEquals(List.of("leaving", "buggy failed", "staying", "its next version"), told);
  }
}
