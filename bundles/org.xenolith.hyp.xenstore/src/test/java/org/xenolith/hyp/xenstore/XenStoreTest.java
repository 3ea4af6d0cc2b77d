// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.StoreMessage.*;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;

class XenStoreTest {
  private final XenStore store = new XenStore(StoreDomains.NONE);
  private final Client tool = new Client(store.connect(0, true));
  private final Client guest = new Client(store.connect(5, false));
  private final Client other = new Client(store.connect(6, false));

  private void home() {
    tool.write("/local/domain/5", "");
    tool.call(XS_SET_PERMS, "/local/domain/5|n5|");
  }

  @Test
  void writesReadsAndLists() {
    assertEquals("OK|", tool.write("/a/b/c", "value"));
    assertEquals("value", tool.read("/a/b/c"));
    assertEquals("", tool.read("/a/b"));
    assertEquals("OK|", tool.call(XS_MKDIR, "/a/x|"));
    assertEquals("b|x|", tool.call(XS_DIRECTORY, "/a|"));
    assertEquals("tool|a|", tool.call(XS_DIRECTORY, "/|"));
    assertEquals("OK|", tool.call(XS_RM, "/a/b|"));
    assertEquals("ENOENT|", tool.read("/a/b/c"));
    assertEquals("x|", tool.call(XS_DIRECTORY, "/a|"));
    assertEquals("OK|", tool.call(XS_RM, "/a/b|"), "what isn't there is removed already");
    assertEquals("ENOENT|", tool.call(XS_RM, "/q/b|"));
    assertEquals("EINVAL|", tool.call(XS_RM, "/|"));
  }

  @Test
  void wrongPathsAndPayloadsAreInvalid() {
    for (String path : List.of("", "/a/", "/a//b", "/a b", "/ä", "@introduceDomain", "/" + "a".repeat(3072), "a".repeat(2049))) {
      assertEquals("EINVAL|", tool.read(path), path);
    }
    assertEquals("EINVAL|", tool.call(XS_READ, "/a"), "no zero byte");
    assertEquals("EINVAL|", tool.call(XS_READ, "/a|/b|"), "two");
    assertEquals("EINVAL|", tool.call(XS_READ, ""));
    assertEquals("EINVAL|", tool.call(XS_TRANSACTION_END, "X|"));
    assertEquals("ENOENT|", tool.call(XS_TRANSACTION_END, "T|"));
    assertEquals("ENOENT|", tool.call(XS_READ, 77, "/tool|"));
    for (int type : new int[] {20, 15, 16, 23 + 4, -1, 0x7fffffff, XS_SET_FEATURE}) {
      assertEquals("ENOSYS|", tool.call(type, "|"), "type " + type);
    }
  }

  @Test
  void permissionsDecideWhoMayDoWhat() {
    home();
    assertEquals("EACCES|", guest.write("/a", "x"));
    assertEquals("EACCES|", guest.read("/a"), "that it isn't there is not its business");
    assertEquals("OK|", guest.write("data/x", "mine"));
    assertEquals("mine", tool.read("/local/domain/5/data/x"));
    assertEquals("n5|", guest.call(XS_GET_PERMS, "data/x|"));
    assertEquals("EACCES|", other.read("/local/domain/5/data/x"));
    assertEquals("OK|", guest.call(XS_SET_PERMS, "data/x|n5|r6|"));
    assertEquals("mine", other.read("/local/domain/5/data/x"));
    assertEquals("EACCES|", other.write("/local/domain/5/data/x", "his"));
    assertEquals("EACCES|", other.call(XS_SET_PERMS, "/local/domain/5/data/x|n6|"));
    assertEquals("EPERM|", guest.call(XS_SET_PERMS, "data/x|n6|"));
    assertEquals("EINVAL|", guest.call(XS_SET_PERMS, "data/x|q5|"));
    assertEquals("OK|", guest.call(XS_SET_PERMS, "data/x|b5|"));
    assertEquals("OK|", other.write("/local/domain/5/data/x", "his"));
    for (int type : new int[] {XS_INTRODUCE, XS_RELEASE, XS_RESUME, XS_SET_TARGET, XS_SET_QUOTA, XS_CONTROL}) {
      assertEquals("EACCES|", guest.call(type, "6|1|1|"), "type " + type);
    }
  }

  @Test
  void watchFiresAtOnceAndThenForWhatIsBelow() {
    home();
    assertEquals("OK|", tool.call(XS_WATCH, "/local/domain/5/device|token|"));
    assertEquals(List.of("/local/domain/5/device|token|"), tool.events());
    assertEquals("EEXIST|", tool.call(XS_WATCH, "/local/domain/5/device|token|"));
    guest.write("device/vbd/0/state", "1");
    guest.write("devices", "1");
    assertEquals(List.of("/local/domain/5/device/vbd/0/state|token|"), tool.events());
    guest.call(XS_RM, "device|");
    assertEquals(List.of("/local/domain/5/device|token|"), tool.events());
    assertEquals("OK|", tool.call(XS_UNWATCH, "/local/domain/5/device|token|"));
    assertEquals("ENOENT|", tool.call(XS_UNWATCH, "/local/domain/5/device|token|"));
    guest.write("device/x", "1");
    assertEquals(List.of(), tool.events());
  }

  @Test
  void relativeWatchIsToldRelativePathsAndExactOnesOfRemovedChildren() {
    home();
    guest.write("a/b/c", "1");
    guest.call(XS_WATCH, "a/b|t|");
    assertEquals(List.of("a/b|t|"), guest.events());
    tool.call(XS_RM, "/local/domain/5/a|");
    assertEquals(List.of("a/b|t|"), guest.events());
    other.call(XS_WATCH, "/local/domain/5|secret|");
    assertEquals(1, other.events().size());
    guest.write("z", "1");
    assertEquals(List.of(), other.events(), "what it may not read it isn't told");
    guest.call(XS_RESET_WATCHES, "|");
    guest.write("a/b", "2");
    assertEquals(List.of(), guest.events());
  }

  @Test
  void specialNamesTellOfDomains() {
    tool.call(XS_WATCH, "@introduceDomain|i|");
    tool.call(XS_WATCH, "@releaseDomain|r|");
    guest.call(XS_WATCH, "@releaseDomain|r|");
    tool.events();
    guest.events();
    assertEquals("F|", tool.call(XS_IS_DOMAIN_INTRODUCED, "5|"));
    assertEquals("OK|", tool.call(XS_INTRODUCE, "5|262144|1|"));
    assertEquals("T|", tool.call(XS_IS_DOMAIN_INTRODUCED, "5|"));
    assertEquals(List.of("@introduceDomain|i|"), tool.events());
    home();
    guest.write("x", "1");
    assertEquals("OK|", tool.call(XS_RELEASE, "5|"));
    assertEquals(List.of("@releaseDomain|r|"), tool.events());
    assertEquals("ENOENT|", tool.call(XS_RELEASE, "5|"));
    assertEquals(List.of(), guest.events());
    assertEquals("n0|", tool.call(XS_GET_PERMS, "/local/domain/5/x|"), "nobody inherits what a dead domain owned");
    assertEquals("/local/domain/9|", tool.call(XS_GET_DOMAIN_PATH, "9|"));
  }

  @Test
  void transactionIsSeenByItselfUntilItEnds() {
    home();
    tool.call(XS_WATCH, "/local/domain/5|t|");
    tool.events();
    int id = guest.begin();
    assertEquals("OK|", guest.call(XS_WRITE, id, "a|1"));
    assertEquals("1", guest.call(XS_READ, id, "a|"));
    assertEquals("ENOENT|", guest.read("a"));
    assertEquals(List.of(), tool.events());
    assertEquals("EBUSY|", guest.call(XS_TRANSACTION_START, id, "|"));
    assertEquals("OK|", guest.call(XS_TRANSACTION_END, id, "T|"));
    assertEquals("1", guest.read("a"));
    assertEquals(List.of("/local/domain/5/a|t|"), tool.events());
    int gone = guest.begin();
    guest.call(XS_RM, gone, "a|");
    assertEquals("OK|", guest.call(XS_TRANSACTION_END, gone, "F|"));
    assertEquals("1", guest.read("a"));
    assertEquals("ENOENT|", guest.call(XS_TRANSACTION_END, gone, "T|"));
  }

  @Test
  void transactionsInConflictMustBeTriedAgain() {
    home();
    guest.write("a", "1");
    int first = guest.begin();
    int second = tool.begin();
    guest.call(XS_WRITE, first, "a|2");
    assertEquals("1", tool.call(XS_READ, second, "/local/domain/5/a|"));
    tool.call(XS_WRITE, second, "/elsewhere|1");
    assertEquals("OK|", guest.call(XS_TRANSACTION_END, first, "T|"));
    assertEquals("EAGAIN|", tool.call(XS_TRANSACTION_END, second, "T|"));
    assertEquals("ENOENT|", tool.read("/elsewhere"));
    int third = guest.begin();
    guest.call(XS_READ, third, "b|");
    tool.write("/local/domain/5/b", "new");
    assertEquals("EAGAIN|", guest.call(XS_TRANSACTION_END, third, "T|"), "what was absent is there");
  }

  @Test
  void transactionOverATreeThatVanishesDoesNoHarm() {
    home();
    guest.write("a/b/c", "1");
    int id = guest.begin();
    guest.call(XS_WRITE, id, "a|x");
    guest.call(XS_WRITE, id, "a/b|x");
    tool.call(XS_RM, "/local/domain/5/a|");
    guest.call(XS_WRITE, id, "a/b/c/d|x");
    assertEquals("OK|", guest.call(XS_RM, id, "a|"));
    assertEquals("EAGAIN|", guest.call(XS_TRANSACTION_END, id, "T|"));
  }

  @Test
  void quotasHoldForDomainsWithoutPrivilege() {
    home();
    assertEquals("ENOSPC|", guest.write("big", "x".repeat(2049)));
    assertEquals("ENOSPC|", guest.call(XS_SET_PERMS, "|n5|n1|n2|n3|n4|n6|".replaceFirst("", "/local/domain/5")));
    for (int i = 0; i < 10; i++) {
      guest.begin();
    }
    assertEquals("ENOSPC|", guest.call(XS_TRANSACTION_START, "|"));
    for (int i = 0; i < 128; i++) {
      assertEquals("OK|", guest.call(XS_WATCH, "w|" + i + "|"));
    }
    assertEquals("E2BIG|", guest.call(XS_WATCH, "w|more|"));
    guest.call(XS_RESET_WATCHES, "|");
    int made = 0;
    while (guest.write("n/" + made, "").equals("OK|")) {
      made++;
    }
    assertEquals(998, made, "with the home and n itself");
    assertEquals("ENOSPC|", guest.write("n/more", ""));
    assertEquals("OK|", tool.write("/local/domain/5/n/more", ""));
    assertEquals("nodes watches transactions node-size node-permissions transaction-nodes|", guest.call(XS_GET_QUOTA, ""));
    assertEquals("OK|", tool.call(XS_SET_QUOTA, "nodes|2000|"));
    assertEquals("2000|", guest.call(XS_GET_QUOTA, "nodes|"));
    assertEquals("OK|", guest.write("n/yet-more", ""));
  }

  @Test
  void longDirectoriesComeInParts() {
    for (int i = 0; i < 900; i++) {
      tool.write("/many/child-" + i, "");
    }
    assertEquals("E2BIG|", tool.call(XS_DIRECTORY, "/many|"));
    StringBuilder names = new StringBuilder();
    String part;
    do {
      part = tool.call(XS_DIRECTORY_PART, "/many|" + names.length() + '|');
      assertTrue(part.length() <= XENSTORE_PAYLOAD_MAX);
      String list = part.substring(part.indexOf('|') + 1);
      names.append(list.endsWith("||") ? list.substring(0, list.length() - 1) : list);
    } while (!part.endsWith("||"));
    assertEquals(900, names.chars().filter(c -> c == '|').count());
    assertTrue(names.toString().endsWith("child-899|"));
  }

  @Test
  void messagesMayComeByteByByteAndTooLongOnesEndTheConnection() {
    Connection connection = store.connect(7, true);
    byte[] message = Client.message(XS_WRITE, 1, 0, "/k|v");
    for (byte b : message) {
      assertEquals(0, connection.waiting());
      connection.receive(new byte[] {b}, 0, 1);
    }
    assertEquals(16 + 3, connection.waiting());
    byte[] tooLong = Client.message(XS_WRITE, 1, 0, "x".repeat(4097));
    connection.receive(tooLong, 0, tooLong.length);
    assertTrue(connection.broken());
    connection.reset();
    assertFalse(connection.broken());
  }

  @Test
  void savedStoreGoesOnInTheMiddleOfEverything() {
    home();
    tool.call(XS_WATCH, "/local|t|");
    int id = guest.begin();
    guest.call(XS_WRITE, id, "a|1");
    store.introduce(5);
    byte[] half = Client.message(XS_WRITE, 9, 0, "b|2");
    store.connection(5).receive(half, 0, 18);
    StateRecord saved = store.save();

    XenStore next = new XenStore(StoreDomains.NONE);
    next.restore(saved);
    assertEquals(saved, next.save());
    next.connection(5).receive(half, 18, half.length - 18);
    Client again = new Client(next.connection(5));
    assertEquals(List.of("OK|"), again.events());
    assertEquals("2", again.read("b"));
    assertEquals("EAGAIN|", again.call(XS_TRANSACTION_END, id, "T|"), "home got another child");
    assertTrue(new Client(next.connection(0)).events().contains("/local/domain/5/b|t|"));
    assertTrue(next.introduced(5));

    StateRecord broken = new StateRecord();
    saved.values().forEach((name, value) -> broken.put(name, name.equals("store.nodes") ? new byte[] {0, 0, 0, 9} : value));
    assertTrue(assertThrows(StateMismatch.class, () -> next.restore(broken)).getMessage().contains("store.nodes"));
  }

  @Test
  void eventsForAPrivilegedDomainThatDoesNotReadAreLostInTheEnd() {
    home();
    Connection deaf = store.connect(7, true);
    byte[] watch = "/local/domain/5\0token\0".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    store.answer(deaf, XS_WATCH, 1, 0, watch);
    String name = "n".repeat(1500);
    for (int i = 0; i < 4000; i++) {
      guest.write("/local/domain/5/" + name + i, "x");
      guest.call(XS_RM, "/local/domain/5/" + name + i + "|");
    }
    assertFalse(deaf.broken());
    assertTrue(deaf.waiting() <= (4 << 20) + 4096, "waiting: " + deaf.waiting());
  }

  @Test
  void whoChangedWhichNodeIsToldAndNotThatAChildCame() {
    List<String> told = new ArrayList<>();
    XenStore heard = new XenStore(new StoreDomains() {
      @Override
      public boolean introduce(int domain, long frame, int port) {
        return true;
      }

      @Override
      public void released(int domain) {}

      @Override
      public void changed(int domain, String path, boolean removed) {
        told.add(domain + (removed ? " -" : " ") + path);
      }
    });
    told.clear();
    Client one = new Client(heard.connect(0, true));
    Client two = new Client(heard.connect(5, false));
    one.write("/a/b", "1");
    assertEquals(List.of("0 /a", "0 /a/b"), told, "not the root, which has a child more");
    told.clear();
    one.call(XS_SET_PERMS, "/a/b|b5|");
    two.write("/a/b", "1");
    assertEquals(List.of("0 /a/b", "5 /a/b"), told, "what is there already counts as written");
    told.clear();
    int transaction = two.begin();
    two.call(XS_WRITE, transaction, "/a/b|2");
    assertEquals(List.of(), told, "not before its end");
    two.call(XS_TRANSACTION_END, transaction, "T|");
    one.call(XS_RM, "/a|");
    assertEquals(List.of("5 /a/b", "0 -/a", "0 -/a/b"), told);
    two.write("/a/b", "no");
    assertEquals(3, told.size(), "it was refused");
    assertEquals("\"\" n0", heard.tree().shown("/tool"));
    assertEquals("", heard.tree().shown("/a"));
  }
}
