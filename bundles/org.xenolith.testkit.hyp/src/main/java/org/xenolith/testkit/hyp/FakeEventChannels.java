// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.EventChannels;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.xen.abi.XenErrno;

/** Event channels between domains without an ABI: a domain's events are counted, the service domain's go to its listeners. */
public final class FakeEventChannels implements EventChannels {
  private static final int MOST = 1023;

  private final ServiceEventsPort service;
  private final TreeMap<Integer, TreeMap<Integer, Channel>> domains = new TreeMap<>();
  private final List<Raised> raised = new ArrayList<>();

  /** A virtual interrupt ({@code VIRQ_*}) that was raised, of a virtual CPU or, where that is null, of the domain that global ones go to. */
  public record Raised(Vcpu vcpu, int virq) {}

  private static final class Channel {
    private final Domain domain;
    private final int port;
    private int remote;
    private @Nullable Channel peer;
    private int received;

    private Channel(Domain domain, int port) {
      this.domain = domain;
      this.port = port;
    }
  }

  FakeEventChannels(ServiceEventsPort service) {
    this.service = service;
  }

  private TreeMap<Integer, Channel> of(Domain domain) {
    return domains.computeIfAbsent(domain.serial(), serial -> new TreeMap<>());
  }

  private @Nullable Channel free(Domain domain) {
    for (int port = 1; port <= MOST; port++) {
      if (!of(domain).containsKey(port)) {
        Channel made = new Channel(domain, port);
        of(domain).put(port, made);
        return made;
      }
    }
    return null;
  }

  /** Events of a domain's port since this was asked last. */
  public int received(Domain domain, int port) {
    Channel channel = of(domain).get(port);
    int count = channel == null ? 0 : channel.received;
    if (channel != null) {
      channel.received = 0;
    }
    return count;
  }

  private void raise(Channel channel) {
    if (channel.domain.kind() == DomainSpec.Kind.SERVICE) {
      service.signal(channel.port);
    } else {
      channel.received++;
    }
  }

  @Override
  public int send(Domain domain, int port) {
    Channel channel = of(domain).get(port);
    if (channel == null) {
      return -XenErrno.XEN_EINVAL;
    }
    if (channel.peer != null) {
      raise(channel.peer);
    }
    return 0;
  }

  @Override
  public void raise(Vcpu vcpu, int virq) {
    raised.add(new Raised(vcpu, virq));
  }

  /** What was raised, in order; a test may clear it. */
  public List<Raised> raised() {
    return raised;
  }

  @Override
  public int allocateUnbound(Domain domain, int remote) {
    Channel channel = free(domain);
    if (channel == null) {
      return -XenErrno.XEN_ENOSPC;
    }
    channel.remote = remote;
    return channel.port;
  }

  @Override
  public int bindInterdomain(Domain domain, Domain remote, int remotePort) {
    Channel other = of(remote).get(remotePort);
    if (other == null || other.peer != null || other.remote != domain.id()) {
      return -XenErrno.XEN_EINVAL;
    }
    Channel channel = free(domain);
    if (channel == null) {
      return -XenErrno.XEN_ENOSPC;
    }
    channel.peer = other;
    other.peer = channel;
    raise(channel);
    return channel.port;
  }

  @Override
  public int close(Domain domain, int port) {
    Channel channel = of(domain).remove(port);
    if (channel == null) {
      return -XenErrno.XEN_EINVAL;
    }
    if (channel.peer != null) {
      channel.peer.peer = null;
      channel.peer.remote = domain.id();
    }
    if (domain.kind() == DomainSpec.Kind.SERVICE) {
      service.forget(port);
    }
    return 0;
  }

  @Override
  public boolean pending(Vcpu vcpu) {
    return false;
  }

  @Override
  public boolean pending(Domain domain, int port) {
    Channel channel = of(domain).get(port);
    return channel != null && channel.received > 0;
  }

  @Override
  public int open(Domain domain) {
    return of(domain).size();
  }
}
