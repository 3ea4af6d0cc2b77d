// SPDX-License-Identifier: EPL-2.0
/**
 * The workbench: windows on a running machine. It holds contracts only (the launcher, live change, ports) and is told what
 * happens; nothing here waits on the UI thread for a machine, and a machine never waits for the UI thread.
 */
package org.xenolith.ui.workbench;
