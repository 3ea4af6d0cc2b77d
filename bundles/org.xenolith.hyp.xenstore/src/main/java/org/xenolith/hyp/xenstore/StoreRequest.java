// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.xen.abi.StoreMessage;

/** One request of a connection: what it answers and what it changes. */
final class StoreRequest {
  private static final byte[] OK = Payload.of("OK");

  private final XenStore store;
  private final Connection who;
  private final int transactionId;
  private final Payload payload;
  private final List<Change> changes = new ArrayList<>();
  private Watch begun;

  StoreRequest(XenStore store, Connection who, int transactionId, byte[] payload) {
    this.store = store;
    this.who = who;
    this.transactionId = transactionId;
    this.payload = new Payload(payload);
  }

  /** As {@link #answer}; what is longer than a message is a fault, too. */
  byte[] fitting(int type) {
    byte[] answer = answer(type);
    check(answer.length <= StoreMessage.XENSTORE_PAYLOAD_MAX, StoreError.E2BIG);
    return answer;
  }

  /** The answer's payload; a {@link StoreFault} is the other answer. */
  byte[] answer(int type) {
    StoreTransaction transaction = transaction();
    NodeView view = transaction == null ? store.tree() : transaction;
    NodeOperations nodes = new NodeOperations(view, who, store.quota(), transaction == null ? changes : transaction.changes());
    return switch (type) {
      case StoreMessage.XS_CONTROL -> control();
      case StoreMessage.XS_DIRECTORY -> Payload.of(nodes.find(path(payload.string()), Permission.READ).children());
      case StoreMessage.XS_DIRECTORY_PART -> directoryPart(nodes);
      case StoreMessage.XS_READ -> nodes.find(path(payload.string()), Permission.READ).value();
      case StoreMessage.XS_GET_PERMS -> Payload.of(nodes.find(pathOrSpecial(payload.string()), Permission.READ)
          .permissions().stream().map(Permission::text).toList());
      case StoreMessage.XS_WRITE -> {
        nodes.write(path(payload.firstString()), payload.afterString());
        yield OK;
      }
      case StoreMessage.XS_MKDIR -> {
        nodes.makeDirectory(path(payload.string()));
        yield OK;
      }
      case StoreMessage.XS_RM -> {
        nodes.remove(path(payload.string()));
        yield OK;
      }
      case StoreMessage.XS_SET_PERMS -> setPermissions(nodes);
      case StoreMessage.XS_WATCH -> watch();
      case StoreMessage.XS_UNWATCH -> unwatch();
      case StoreMessage.XS_RESET_WATCHES -> {
        who.forgetWatches();
        yield OK;
      }
      case StoreMessage.XS_TRANSACTION_START -> begin(transaction);
      case StoreMessage.XS_TRANSACTION_END -> end(transaction);
      case StoreMessage.XS_INTRODUCE -> introduce();
      case StoreMessage.XS_RELEASE -> release();
      case StoreMessage.XS_RESUME -> {
        known(privilegedDomain());
        yield OK;
      }
      case StoreMessage.XS_SET_TARGET -> setTarget();
      case StoreMessage.XS_GET_DOMAIN_PATH -> Payload.of(StorePath.ofDomain(Permission.domain(payload.string())));
      case StoreMessage.XS_IS_DOMAIN_INTRODUCED -> Payload.of(store.introduced(Permission.domain(payload.string())) ? "T" : "F");
      case StoreMessage.XS_GET_FEATURE -> Payload.of(Integer.toString(RingTransport.FEATURES));
      case StoreMessage.XS_GET_QUOTA -> getQuota();
      case StoreMessage.XS_SET_QUOTA -> setQuota();
      default -> throw new StoreFault(StoreError.ENOSYS);
    };
  }

  /** What watches have to be told after the answer. */
  List<Change> changes() {
    return changes;
  }

  /** A watch that has just begun, or null: it is told once at once. */
  Watch begun() {
    return begun;
  }

  private StoreTransaction transaction() {
    if (transactionId == 0) {
      return null;
    }
    StoreTransaction transaction = who.transactions().get(transactionId);
    check(transaction != null, StoreError.ENOENT);
    return transaction;
  }

  private byte[] control() {
    privileged();
    return switch (payload.strings().isEmpty() ? "" : payload.strings().getFirst()) {
      case "help" -> Payload.of("check\nhelp\nquota");
      case "check" -> OK;
      case "quota" -> Payload.of(store.quota().limits().toString());
      default -> throw new StoreFault(StoreError.EINVAL);
    };
  }

  /** Names from an offset on, as many as fit, behind the generation; an empty one ends the last part. */
  private byte[] directoryPart(NodeOperations nodes) {
    List<String> arguments = payload.strings(2);
    Node node = nodes.find(path(arguments.get(0)), Permission.READ);
    long offset = Permission.number(arguments.get(1));
    List<String> part = new ArrayList<>(List.of(Long.toString(node.generation())));
    int room = StoreMessage.XENSTORE_PAYLOAD_MAX - part.getFirst().length() - 2;
    long at = 0;
    for (String child : node.children()) {
      if (at >= offset) {
        room -= child.length() + 1;
        if (room < 0) {
          return Payload.of(part);
        }
        part.add(child);
      }
      at += child.length() + 1;
    }
    check(offset <= at, StoreError.EINVAL);
    part.add("");
    return Payload.of(part);
  }

  private byte[] setPermissions(NodeOperations nodes) {
    List<String> arguments = payload.strings();
    check(arguments.size() >= 2, StoreError.EINVAL);
    String path = pathOrSpecial(arguments.getFirst());
    nodes.permit(path, arguments.subList(1, arguments.size()).stream().map(Permission::parse).toList());
    return OK;
  }

  private byte[] watch() {
    List<String> arguments = payload.strings(2);
    Watch watch = new Watch(arguments.get(0), pathOrSpecial(arguments.get(0)), arguments.get(1));
    check(!who.watches().contains(watch), StoreError.EEXIST);
    check(who.privileged() || who.watches().size() < store.quota().limit(StoreQuota.WATCHES), StoreError.E2BIG);
    // What an event carries may be longer than what the watch was set with; it must fit for a path that is as long as can be.
    check(watch.token().length() <= StoreMessage.XENSTORE_PAYLOAD_MAX - StoreMessage.XENSTORE_ABS_PATH_MAX - 2, StoreError.EINVAL);
    who.watches().add(watch);
    begun = watch;
    return OK;
  }

  private byte[] unwatch() {
    List<String> arguments = payload.strings(2);
    Watch watch = new Watch(arguments.get(0), pathOrSpecial(arguments.get(0)), arguments.get(1));
    check(who.watches().remove(watch), StoreError.ENOENT);
    return OK;
  }

  private byte[] begin(StoreTransaction outer) {
    check(outer == null, StoreError.EBUSY);
    check(who.privileged() || who.transactions().size() < store.quota().limit(StoreQuota.TRANSACTIONS), StoreError.ENOSPC);
    return Payload.of(Integer.toString(who.begin(store.transaction(who.privileged()))));
  }

  private byte[] end(StoreTransaction transaction) {
    String how = payload.string();
    check(how.equals("T") || how.equals("F"), StoreError.EINVAL);
    check(transaction != null, StoreError.ENOENT);
    who.transactions().remove(transactionId);
    if (how.equals("T")) {
      check(transaction.fits(), StoreError.EAGAIN);
      check(who.privileged() || transaction.owned(who.domain()) <= Math.max(store.tree().owned(who.domain()),
          store.quota().limit(StoreQuota.NODES)), StoreError.ENOSPC);
      transaction.apply();
      changes.addAll(transaction.changes());
    }
    return OK;
  }

  private byte[] introduce() {
    privileged();
    List<String> arguments = payload.strings();
    check(arguments.size() >= 3, StoreError.EINVAL);
    int domain = Permission.domain(arguments.get(0));
    long frame = Permission.number(arguments.get(1));
    long port = Permission.number(arguments.get(2));
    check(port > 0 && port <= Integer.MAX_VALUE && store.domains().introduce(domain, frame, (int) port), StoreError.EINVAL);
    store.introduce(domain);
    return OK;
  }

  private byte[] release() {
    int domain = privilegedDomain();
    known(domain);
    store.domains().released(domain);
    store.release(domain);
    return OK;
  }

  private byte[] setTarget() {
    privileged();
    List<String> arguments = payload.strings(2);
    int domain = Permission.domain(arguments.get(0));
    int target = Permission.domain(arguments.get(1));
    known(domain);
    known(target);
    Connection connection = store.connection(domain);
    check(connection != null, StoreError.ENOENT);
    connection.target(target);
    return OK;
  }

  private byte[] getQuota() {
    List<String> arguments = payload.strings();
    check(arguments.size() <= 2, StoreError.EINVAL);
    if (arguments.isEmpty() || arguments.getLast().isEmpty()) {
      return Payload.of(store.quota().names());
    }
    return Payload.of(Integer.toString(store.quota().limit(arguments.getLast())));
  }

  private byte[] setQuota() {
    privileged();
    List<String> arguments = payload.strings(2);
    store.quota().limit(arguments.get(0), Permission.number(arguments.get(1)));
    return OK;
  }

  private int privilegedDomain() {
    privileged();
    return Permission.domain(payload.string());
  }

  private void privileged() {
    check(who.privileged(), StoreError.EACCES);
  }

  private void known(int domain) {
    check(store.introduced(domain), StoreError.ENOENT);
  }

  private String path(String path) {
    return store.absolute(path, who.domain());
  }

  private String pathOrSpecial(String path) {
    return StorePath.absoluteOrSpecial(path, who.domain());
  }

  private static void check(boolean good, StoreError otherwise) {
    if (!good) {
      throw new StoreFault(otherwise);
    }
  }
}
