// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.io.OutputStream;
import java.util.Arrays;
import org.eclipse.tm.internal.terminal.provisional.api.ITerminalControl;
import org.eclipse.tm.internal.terminal.provisional.api.TerminalState;
import org.eclipse.tm.internal.terminal.provisional.api.provider.TerminalConnectorImpl;
import org.eclipse.ui.PlatformUI;

/** Puts the terminal widget on the laboratory's serial line. */
public final class SerialConnector extends TerminalConnectorImpl {
  private final Laboratory laboratory = Laboratory.of(PlatformUI.getWorkbench());

  @Override
  public void connect(ITerminalControl control) {
    super.connect(control);
    control.setState(TerminalState.CONNECTED);
    laboratory.console().attach(control.getRemoteToTerminalOutputStream());
  }

  @Override
  protected void doDisconnect() {
    laboratory.console().attach(null);
  }

  @Override
  public OutputStream getTerminalToRemoteStream() { return new Keys(); }

  @Override
  public String getSettingsSummary() { return "the guest's standard output"; }

  /** What the person types, for the guest. */
  private final class Keys extends OutputStream {
    @Override
    public void write(int b) {
      laboratory.type(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      laboratory.type(Arrays.copyOfRange(bytes, offset, offset + length));
    }
  }
}
