// SPDX-License-Identifier: EPL-2.0
/** What a launch can be told of firmware and of a board's tree. */
package org.xenolith.boot.options;
