package org.xenolith.virtio.api;

/**
 * The permanent place where a virtio transport and the function behind it meet; each may be absent or replaced while the
 * other stays.
 */
public final class VirtioPort {
  private VirtioFunction function;
  private VirtioTransport transport;

  /** Transport: the function now behind it, or null. */
  public VirtioFunction function() {
    return function;
  }

  /** Function: the transport in front of it, or null. */
  public VirtioTransport transport() {
    return transport;
  }

  /** Function side: plugs in (or out with null) and tells the transport. */
  public void plug(VirtioFunction newFunction) {
    function = newFunction;
    if (transport != null) {
      transport.functionChanged();
    }
  }

  /** Transport side: plugs in (or out with null). */
  public void connect(VirtioTransport newTransport) {
    transport = newTransport;
  }
}
