// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.xen.abi.StoreMessage.*;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The store against a model that copies the whole tree for a transaction. */
class RandomStoreTest {
  private static final long SEED = 4711;

  /** A transaction of the model: the tree as it was at its begin and as it is for it; only one runs undisturbed. */
  private static final class Copy {
    TreeMap<String, String> tree;
    boolean disturbed;
  }

  @Test
  void thousandsOfRequestsAgreeWithASimpleModel() {
    System.out.println("RandomStoreTest seed " + SEED);
    Random random = new Random(SEED);
    XenStore store = new XenStore(StoreDomains.NONE);
    Client client = new Client(store.connect(0, true));
    TreeMap<String, String> model = new TreeMap<>(Map.of("/r", ""));
    client.write("/r", "");
    Map<Integer, Copy> copies = new HashMap<>();
    int commits = 0;
    int conflicts = 0;
    for (int i = 0; i < 30_000; i++) {
      Integer id = copies.isEmpty() || random.nextInt(3) == 0 ? Integer.valueOf(0)
          : copies.keySet().stream().sorted().skip(random.nextInt(copies.size())).findFirst().orElseThrow();
      Copy copy = copies.get(id);
      // A disturbed transaction sees a mixture; only its end is foretold.
      TreeMap<String, String> tree = copy == null ? model : copy.tree;
      String path = path(random);
      String message = "seed " + SEED + " step " + i + " tx " + id + ' ' + path;
      String expected;
      String got;
      switch (random.nextInt(copy == null ? 6 : 7)) {
        case 0, 1 -> {
          String value = Integer.toString(random.nextInt(1000));
          got = client.call(XS_WRITE, id, path + '|' + value);
          make(tree, path);
          tree.put(path, value);
          expected = "OK|";
          disturb(copies, copy);
        }
        case 2 -> {
          got = client.call(XS_MKDIR, id, path + '|');
          make(tree, path);
          expected = "OK|";
          disturb(copies, copy);
        }
        case 3 -> {
          boolean there = tree.containsKey(path);
          expected = there || tree.containsKey(path.substring(0, path.lastIndexOf('/'))) ? "OK|" : "ENOENT|";
          got = client.call(XS_RM, id, path + '|');
          tree.keySet().removeIf(each -> each.equals(path) || each.startsWith(path + '/'));
          disturb(copies, copy);
        }
        case 4 -> {
          expected = tree.getOrDefault(path, "ENOENT|");
          got = client.call(XS_READ, id, path + '|');
        }
        case 5 -> {
          if (copies.size() < 3 && copy == null) {
            copy = new Copy();
            copy.tree = new TreeMap<>(model);
            copies.put(client.begin(), copy);
          }
          continue;
        }
        default -> {
          copies.remove(id);
          boolean commit = random.nextInt(4) > 0;
          got = client.call(XS_TRANSACTION_END, id, commit ? "T|" : "F|");
          if (copy.disturbed && commit) {
            // Whether the others touched the same nodes the model doesn't know: the store says, and must keep to it.
            if (got.equals("OK|")) {
              model = listing(store);
            }
            conflicts += got.equals("EAGAIN|") ? 1 : 0;
            expected = got.equals("EAGAIN|") ? "EAGAIN|" : "OK|";
            copies.values().forEach(each -> each.disturbed = true);
          } else {
            expected = "OK|";
            if (commit) {
              commits++;
              model = copy.tree;
              copies.values().forEach(each -> each.disturbed = true);
            }
          }
        }
      }
      if (copy == null || !copy.disturbed) {
        assertEquals(expected, got, message);
      } else if (!copies.containsKey(id)) {
        assertEquals(expected, got, message);
      }
      assertEquals(model, listing(store), message);
    }
    assertEquals(true, commits > 100 && conflicts > 100, commits + " commits, " + conflicts + " conflicts");
  }

  @Test
  void malformedMessagesAreAnsweredAndNeverThrow() {
    System.out.println("RandomStoreTest seed " + SEED);
    Random random = new Random(SEED);
    XenStore store = new XenStore(StoreDomains.NONE);
    String[] words = {"/", "/local/domain/5", "x", "x/y", "@releaseDomain", "n5", "b0", "r", "T", "F", "5", "6", "-1",
        "99999999999999999999", "",
        "nodes", "|", "||", "\u00ff", "check", "/local/domain/5/", "4096"};
    store.connect(0, true).receive(Client.message(XS_SET_PERMS, 1, 0, "/|b5|"), 0, 16 + 5);
    Connection connection = store.connect(5, false);
    byte[] sink = new byte[1 << 16];
    for (int i = 0; i < 60_000; i++) {
      StringBuilder payload = new StringBuilder();
      for (int n = random.nextInt(5); n > 0; n--) {
        payload.append(words[random.nextInt(words.length)]).append(random.nextInt(8) > 0 ? "|" : "");
      }
      byte[] message = Client.message(random.nextInt(30) - 1, i, random.nextInt(4) == 0 ? random.nextInt(20) : 0, payload.toString());
      connection.receive(message, 0, message.length);
      assertEquals(true, connection.waiting() >= 16, "no answer to " + payload + " seed " + SEED + " step " + i);
      while (connection.transmit(sink, 0, sink.length) > 0) {
        continue;
      }
      if (i % 1000 == 999) {
        XenStore next = new XenStore(StoreDomains.NONE);
        next.restore(store.save());
        assertEquals(store.save(), next.save());
      }
    }
  }

  private static void disturb(Map<Integer, Copy> copies, Copy by) {
    if (by == null) {
      copies.values().forEach(copy -> copy.disturbed = true);
    }
  }

  private static void make(TreeMap<String, String> tree, String path) {
    for (String at = path; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
      tree.putIfAbsent(at, "");
    }
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder("/r");
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      path.append('/').append((char) ('a' + random.nextInt(3)));
    }
    return path.toString();
  }

  private static TreeMap<String, String> listing(XenStore store) {
    TreeMap<String, String> all = new TreeMap<>();
    store.tree().nodes().forEach((path, node) -> {
      if (path.startsWith("/r")) {
        all.put(path, new String(node.value(), java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    });
    // Each node is its parent's child, and no child is missing.
    store.tree().nodes().forEach((path, node) -> {
      for (String child : node.children()) {
        assertEquals(true, store.tree().find(StorePath.child(path, child)) != null, path + " without " + child);
      }
      if (path.startsWith("/r/")) {
        assertEquals(true, store.tree().find(StorePath.parent(path)).children().contains(StorePath.name(path)), path);
      }
    });
    return all;
  }
}
