// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A domain's store for tests (Xen, {@code docs/misc/xenstore.txt}): nodes with values of any bytes, each a character of ISO 8859-1; transactions
 * that see what was there when they began, and fail if something was changed meanwhile.
 */
public final class FakeGuestStore {
  /** What one has of a question: a value, or the word that an error has in the store's protocol. */
  public record Answer(@Nullable String error, @Nullable String value) {
    static Answer of(String value) {
      return new Answer(null, value);
    }

    static Answer refused(String error) {
      return new Answer(error, null);
    }
  }

  private record Transaction(Map<String, String> before, TreeMap<String, String> nodes) {}

  private static final int MOST_PATH = 3072;
  private static final Pattern PATH = Pattern.compile("(/|/?[-A-Za-z0-9_@]+(/[-A-Za-z0-9_@]+)*)");

  private final TreeMap<String, String> nodes = new TreeMap<>();
  private final Map<Long, Transaction> open = new HashMap<>();
  private int conflicts;
  private long begun;
  private String refusal;

  /** What is there outside of transactions. */
  public TreeMap<String, String> nodes() {
    return nodes;
  }

  /** How many transactions are open. */
  public int transactions() {
    return open.size();
  }

  /** As many transactions end with somebody else in their way. */
  public void conflicts(int now) {
    conflicts = now;
  }

  /** Each question is refused with this error from now on. @param error null: none is */
  public void refuses(@Nullable String error) {
    refusal = error;
  }

  private @Nullable TreeMap<String, String> seen(long transaction) {
    return transaction == 0 ? nodes : open.containsKey(transaction) ? open.get(transaction).nodes : null;
  }

  /** Why a question can't be answered; null if it can. */
  private @Nullable String wrong(long transaction, String path) {
    boolean known = path.length() <= MOST_PATH && PATH.matcher(path).matches();
    return refusal != null ? refusal : !known ? "EINVAL" : seen(transaction) == null ? "ENOENT" : null;
  }

  /** A node's value. */
  public Answer read(long transaction, String path) {
    String wrong = wrong(transaction, path);
    if (wrong != null) {
      return Answer.refused(wrong);
    }
    String value = seen(transaction).get(path);
    return value == null ? Answer.refused("ENOENT") : Answer.of(value);
  }

  /** Makes a node, or gives it another value. */
  public Answer write(long transaction, String path, String value) {
    String wrong = wrong(transaction, path);
    if (wrong != null) {
      return Answer.refused(wrong);
    }
    seen(transaction).put(path, value);
    return Answer.of("");
  }

  /** Removes a node. */
  public Answer remove(long transaction, String path) {
    String wrong = wrong(transaction, path);
    if (wrong != null) {
      return Answer.refused(wrong);
    }
    return seen(transaction).remove(path) == null ? Answer.refused("ENOENT") : Answer.of("");
  }

  /** Begins a transaction; its number. */
  public Answer begin() {
    if (refusal != null) {
      return Answer.refused(refusal);
    }
    open.put(++begun, new Transaction(Map.copyOf(nodes), new TreeMap<>(nodes)));
    return Answer.of(Long.toString(begun));
  }

  /** Ends a transaction. @param undone whether nothing of it is to be */
  public Answer end(long transaction, boolean undone) {
    if (refusal != null) {
      return Answer.refused(refusal);
    }
    Transaction ended = open.remove(transaction);
    if (ended == null) {
      return Answer.refused("ENOENT");
    }
    if (undone) {
      return Answer.of("");
    }
    if (conflicts > 0) {
      conflicts--;
      return Answer.refused("EAGAIN");
    }
    if (!ended.before.equals(nodes)) {
      return Answer.refused("EAGAIN");
    }
    nodes.clear();
    nodes.putAll(ended.nodes);
    return Answer.of("");
  }
}
