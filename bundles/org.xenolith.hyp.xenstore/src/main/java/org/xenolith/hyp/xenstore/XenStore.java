// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.regs.StateRecord;
import org.xenolith.xen.abi.StoreMessage;

/** The store: one tree of nodes, and the connections of those who read, write and watch it. */
final class XenStore {
  private final StoreDomains domains;
  private final StoreTree tree;
  private final StoreQuota quota = new StoreQuota();
  private final TreeMap<Integer, Connection> connections = new TreeMap<>();
  private final TreeSet<Integer> introduced = new TreeSet<>();

  /** Who is asking for something; nobody is remembered by it. */
  private int asking = ServiceEventsPort.DOMID;

  XenStore(StoreDomains domains) {
    this.domains = domains;
    tree = new StoreTree((path, removed) -> domains.changed(asking, path, removed));
  }

  /** A new connection of a domain, in place of one that it has; one with privilege is above permissions and quotas. */
  Connection connect(int domain, boolean privileged) {
    Connection connection = new Connection(this, domain, privileged);
    connections.put(domain, connection);
    return connection;
  }

  /** The connection of a domain, or null. */
  Connection connection(int domain) {
    return connections.get(domain);
  }

  /** The domain is there from now on. */
  void introduce(int domain) {
    if (introduced.add(domain)) {
      tell(StoreTree.INTRODUCED);
    }
  }

  /** The domain is gone: so are its connection and what it could reach. */
  void release(int domain) {
    connections.remove(domain);
    asking = ServiceEventsPort.DOMID;
    tree.forget(domain);
    if (introduced.remove(domain)) {
      tell(StoreTree.RELEASED);
    }
  }

  boolean introduced(int domain) {
    return introduced.contains(domain);
  }

  /** Answers one message, whatever it is. */
  void answer(Connection who, int type, int request, int transaction, byte[] payload) {
    asks(who, type, payload);
    StoreRequest call = new StoreRequest(this, who, transaction, payload);
    try {
      who.send(type, request, transaction, call.fitting(type));
    } catch (StoreFault fault) {
      who.send(StoreMessage.XS_ERROR, request, transaction, Payload.of(fault.error().name()));
    }
    follow(who, call);
  }

  /**
   * Carries out a request whose answer is no message.
   *
   * @return the answer, or null for an error
   */
  byte[] answer(Connection who, int type, byte[] payload) {
    asks(who, type, payload);
    StoreRequest call = new StoreRequest(this, who, 0, payload);
    byte[] answer;
    try {
      answer = call.fitting(type);
    } catch (StoreFault fault) {
      answer = null;
    }
    follow(who, call);
    return answer;
  }

  private void asks(Connection who, int type, byte[] payload) {
    asking = who.domain();
    domains.asked(asking, type, payload);
  }

  /** Writes a node as a request of a connection does, without its message. @return whether it was allowed */
  boolean write(Connection who, String path, byte[] value) {
    asking = who.domain();
    List<Change> changes = new ArrayList<>();
    boolean done = true;
    try {
      new NodeOperations(tree, who, quota, changes).write(absolute(path, who.domain()), value);
    } catch (StoreFault fault) {
      done = false;
    }
    changes.forEach(this::tell);
    return done;
  }

  /** The absolute path of what a domain calls so, as {@link StorePath#absolute}. */
  String absolute(String path, int domain) {
    // What is in the tree got there by a path that was looked at.
    return path.startsWith("/") && tree.find(path) != null ? path : StorePath.absolute(path, domain);
  }

  /** What comes behind an answer: events. */
  private void follow(Connection who, StoreRequest call) {
    if (call.begun() != null) {
      event(who, call.begun(), call.begun().path());
    }
    call.changes().forEach(this::tell);
  }

  private void tell(String special) {
    List<Permission> permissions = tree.find(special).permissions();
    tell(new Change(special, false, permissions, permissions));
  }

  private void tell(Change change) {
    for (Connection connection : connections.values()) {
      if (connection.may(change.permissions(), Permission.READ) || connection.may(change.parent(), Permission.READ)) {
        for (Watch watch : connection.watches()) {
          if (change.exact() ? change.path().equals(watch.absolute()) : StorePath.within(change.path(), watch.absolute())) {
            event(connection, watch, watch.eventPath(change.path()));
          }
        }
      }
    }
  }

  private static void event(Connection connection, Watch watch, String path) {
    connection.send(StoreMessage.XS_WATCH_EVENT, 0, 0, Payload.of(path, watch.token()));
  }

  StoreTransaction transaction(boolean privileged) {
    return new StoreTransaction(tree, privileged ? Integer.MAX_VALUE : quota.limit(StoreQuota.TRANSACTION_NODES));
  }

  StoreTree tree() {
    return tree;
  }

  StoreQuota quota() {
    return quota;
  }

  StoreDomains domains() {
    return domains;
  }

  TreeMap<Integer, Connection> connections() {
    return connections;
  }

  TreeSet<Integer> introduced() {
    return introduced;
  }

  /** All of its state, with what is half said on connections and half done in transactions. */
  StateRecord save() {
    return StoreState.save(this);
  }

  /** Becomes what was saved; {@link #connection} has the connections then. */
  void restore(StateRecord record) {
    StoreState.restore(this, record);
  }
}
