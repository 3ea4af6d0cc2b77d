// SPDX-License-Identifier: EPL-2.0
/** Editors and IDEs look into machines by the Debug Adapter Protocol. */
package org.xenolith.dap;
