// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.math.BigInteger;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugException;
import org.eclipse.debug.core.model.DebugElement;
import org.eclipse.debug.core.model.IMemoryBlockExtension;
import org.eclipse.debug.core.model.IMemoryBlockRetrieval;
import org.eclipse.debug.core.model.MemoryByte;
import org.xenolith.inspect.api.InspectedMemory;

/** Memory in the Memory view, by the addresses of the code that a CPU executes. Bytes that no RAM is behind are shown as such. */
final class MonitoredMemory extends DebugElement implements IMemoryBlockExtension {
  private static final int ADDRESS_BYTES = 8;
  private final MachineTarget target;
  private final int cpu;
  private final String expression;
  private final BigInteger start;

  /**
   * From an address on.
   *
   * @param cpu        whose code's addresses these are
   * @param expression what people wrote
   */
  MonitoredMemory(MachineTarget target, int cpu, String expression, BigInteger start) {
    super(target);
    this.target = target;
    this.cpu = cpu;
    this.expression = expression;
    this.start = start;
  }

  @Override
  public String getModelIdentifier() { return MachineTarget.MODEL; }

  @Override
  public String getExpression() { return expression; }

  @Override
  public BigInteger getBigBaseAddress() { return start; }

  @Override
  public BigInteger getMemoryBlockStartAddress() {
    return null; // no end
  }

  @Override
  public BigInteger getMemoryBlockEndAddress() { return null; }

  @Override
  public BigInteger getBigLength() {
    return BigInteger.valueOf(-1); // no length
  }

  @Override
  public int getAddressSize() { return ADDRESS_BYTES; }

  @Override
  public int getAddressableSize() { return 1; }

  @Override
  public boolean supportBaseAddressModification() {
    return false;
  }

  @Override
  public void setBaseAddress(BigInteger address) throws DebugException {
    throw MachineTarget.refused("choose another address by a new monitor");
  }

  @Override
  public boolean supportsChangeManagement() {
    return false;
  }

  @Override
  public MemoryByte[] getBytesFromOffset(BigInteger offset, long units) throws DebugException {
    return getBytesFromAddress(start.add(offset), units);
  }

  @Override
  public MemoryByte[] getBytesFromAddress(BigInteger address, long units) throws DebugException {
    MemoryByte[] bytes = new MemoryByte[(int) units];
    for (int done = 0; done < bytes.length;) {
      long from = address.longValue() + done;
      int piece = (int) Math.min(bytes.length - done, InspectedMemory.PAGE - (from & InspectedMemory.PAGE - 1));
      byte[] read = target.read(cpu, from, piece);
      for (int i = 0; i < piece; i++) {
        bytes[done + i] = i < read.length ? new MemoryByte(read[i], (byte) (MemoryByte.READABLE | MemoryByte.WRITABLE
            | MemoryByte.ENDIANESS_KNOWN)) : new MemoryByte((byte) 0, MemoryByte.ENDIANESS_KNOWN);
      }
      done += piece;
    }
    return bytes;
  }

  /** Writes: an input of the machine, which a journal has. */
  @Override
  public void setValue(BigInteger offset, byte[] bytes) throws DebugException {
    target.look(() -> {
      target.machine().shown().processor(cpu).memory().write(start.add(offset).longValue(), bytes);
      return true;
    });
    fireChangeEvent(DebugEvent.CONTENT);
  }

  @Override
  public boolean supportsValueModification() {
    return target.isSuspended() && !target.machine().shown().inPast();
  }

  @Override
  public void setValue(long offset, byte[] bytes) throws DebugException {
    setValue(BigInteger.valueOf(offset), bytes);
  }

  @Override
  public long getStartAddress() { return start.longValue(); }

  @Override
  public long getLength() { return -1; }

  @Override
  public byte[] getBytes() throws DebugException { return target.read(cpu, start.longValue(), InspectedMemory.PAGE); }

  @Override
  public IMemoryBlockRetrieval getMemoryBlockRetrieval() { return target; }

  @Override
  public void connect(Object client) {
    // Nothing is kept for who looks.
  }

  @Override
  public void disconnect(Object client) {
    // The same.
  }

  @Override
  public Object[] getConnections() { return new Object[0]; }

  @Override
  public void dispose() {
    // The same.
  }
}
