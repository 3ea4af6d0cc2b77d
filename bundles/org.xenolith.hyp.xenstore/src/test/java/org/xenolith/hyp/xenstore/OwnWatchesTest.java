// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.api.StoreWatch;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** Watches of the hypervisor's own parts. */
class OwnWatchesTest {
  private static final String ROLE = "xenstore";

  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final StorePort store = hypervisor.port(StorePort.class);
  private final List<String> heard = new ArrayList<>();
  private DeviceModel model;
  private DeviceContext owner;

  @BeforeEach
  void install() {
    hypervisor.service();
    model = hypervisor.install(ROLE, new XenStoreComponent());
    owner = hypervisor.context(ROLE).sibling(".owner");
    model.reset();
  }

  private void settle() {
    hypervisor.clock().advance(1);
  }

  @Test
  void watchHearsOfItsPathAtFirstAndOfEachChange() {
    store.watch("/a", heard::add, owner);
    settle();
    store.write("/a/b", "1");
    store.write("/c", "1");
    settle();
    assertEquals(List.of("/a", "/a/b"), heard);
  }

  /** Otherwise a machine that continues a snapshot would do other things than the one that was saved. */
  @Test
  void watchThatARecordKeptIsToldNoFirstTimeAgain() {
    store.watch("/a", heard::add, owner);
    settle();
    store.write("/a", "changed");
    StateRecord record = model.state().save();
    heard.clear();
    // The machine has the record put back; its part watches again, as every part does in restored().
    model.state().restore(record);
    store.watch("/a", heard::add, owner);
    model.restored();
    assertArrayEquals(record.toBytes(), model.state().save().toBytes());
    settle();
    assertEquals(List.of("/a"), heard, "what had happened and wasn't told");
  }

  /** They read and write without messages, and get what a message would get. */
  @Test
  void whatIsNoPathOrFitsNoMessageIsNotThere() {
    for (String path : List.of("", "/", "/a", "a", "/a/b-_@1")) {
      assertEquals(!path.isEmpty(), store.write(path, "x"), path);
      assertEquals(path.isEmpty() ? null : "x", store.read(path), path);
    }
    assertEquals("x", store.read("/local/domain/" + ServiceEventsPort.DOMID + "/a"), "what a relative path is");
    for (String path : List.of("/a/", "//a", "/a//b", "@releaseDomain", "/a\0/b", "/\u00e4", "/\u0661", "/" + "n".repeat(3072))) {
      assertFalse(store.write(path, "y"), path);
      assertNull(store.read(path), path);
      assertEquals(List.of(), store.list(path), path);
    }
    store.write("/long", "v".repeat(4097));
    assertNull(store.read("/long"));
    store.write("/long", "v".repeat(4096));
    assertEquals(4096, store.read("/long").length());
    for (int i = 0; i < 64; i++) {
      store.write("/many/" + "n".repeat(61) + "%02d".formatted(i), "");
    }
    assertEquals(64, store.list("/many").size());
    store.write("/many/x", "");
    assertEquals(List.of(), store.list("/many"));
  }

  @Test
  void unwatchingOneLeavesTheOthers() {
    StoreWatch gone = path -> heard.add("gone " + path);
    store.watch("/a", gone, owner);
    store.watch("/b", heard::add, owner);
    settle();
    heard.clear();
    store.unwatch(gone);
    store.write("/a", "1");
    store.write("/b", "1");
    settle();
    assertEquals(List.of("/b"), heard);
  }

  @Test
  void earlierWatchOfTheSamePathDoesNotTakeTheLaterOneAlong() {
    StoreWatch old = path -> heard.add("old " + path);
    store.watch("/a", old, owner);
    store.watch("/a", heard::add, owner);
    store.unwatch(old);
    settle();
    heard.clear();
    store.write("/a", "1");
    settle();
    assertEquals(List.of("/a"), heard);
  }
}
