package dev.sallyport.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.access.Secret;
import org.junit.jupiter.api.Test;

final class HomeTest {
  private static final Home SECURE = new Home("https://mcp.example");
  private static final Home HERE = new Home("http://127.0.0.1:8080");

  @Test
  void over_tls_the_cookie_can_be_set_by_nobody_else() {
    assertThat(Browsers.setting(SECURE, new Secret("x")))
        .isEqualTo("__Host-sallyport=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=7776000; Secure");
  }

  @Test
  void on_this_computer_the_cookie_has_the_port_in_its_name() {
    assertThat(Browsers.setting(HERE, new Secret("x")))
        .isEqualTo("sallyport-8080=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=7776000");
    assertThat(new Home("http://[::1]:99").cookie()).isEqualTo("sallyport-99");
  }

  @Test
  void it_is_at_its_own_name_alone() {
    assertThat(SECURE.isAt("mcp.example")).isTrue();
    assertThat(SECURE.isAt("MCP.example:443")).isTrue();
    assertThat(SECURE.isAt("mcp.example:80")).isFalse();
    assertThat(SECURE.isAt("mcp.example.evil")).isFalse();
    assertThat(HERE.isAt("127.0.0.1:8080")).isTrue();
    assertThat(HERE.isAt("localhost:8080")).isFalse();
  }
}
