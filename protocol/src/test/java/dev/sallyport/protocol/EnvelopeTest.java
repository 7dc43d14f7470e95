package dev.sallyport.protocol;

import static dev.sallyport.protocol.Texts.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  private static final Envelope ENVELOPE = new Envelope(JsonBounds.DEFAULT);

  @Test
  void a_request_is_read_with_its_parameters() {
    assertThat(message("{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'t'}}"))
        .isEqualTo(new Message.Request(RpcId.of(1), "tools/call", object("{'name':'t'}")));
  }

  @Test
  void members_may_come_in_any_order_and_params_may_be_absent() {
    assertThat(message("{ 'method' : 'ping' , 'id' : 'a' , 'jsonrpc' : '2.0' }"))
        .isEqualTo(new Message.Request(RpcId.of("a"), "ping", JsonObject.EMPTY));
  }

  @Test
  void without_an_id_it_is_a_notification_JR_07() {
    assertThat(message("{'jsonrpc':'2.0','method':'notifications/initialized'}"))
        .isEqualTo(new Message.Notification("notifications/initialized", JsonObject.EMPTY));
  }

  @Test
  void a_result_is_read() {
    assertThat(message("{'jsonrpc':'2.0','id':'x','result':{'a':1.0}}"))
        .isEqualTo(new Message.Result(RpcId.of("x"), object("{'a':1.0}")));
  }

  @Test
  void an_error_is_read_with_its_data() {
    assertThat(message("{'jsonrpc':'2.0','id':1,'error':{'code':-32602,'message':'m','data':[1]}}"))
        .isEqualTo(
            new Message.Failure(
                Optional.of(RpcId.of(1)),
                new RpcError(-32602, "m", Optional.of(Texts.json("[1]")))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'jsonrpc':'2.0',%s}", "{'jsonrpc':'2.0','id':null,%s}"})
  void an_error_may_answer_nobody_JR_04(String form) {
    String text = form.formatted("'error':{'code':-32700,'message':'m'}");

    assertThat(message(text))
        .isEqualTo(new Message.Failure(Optional.empty(), RpcError.of(-32700, "m")));
  }

  @Test
  void an_error_without_a_message_is_an_error_all_the_same() {
    assertThat(message("{'jsonrpc':'2.0','id':1,'error':{'code':5}}"))
        .isEqualTo(new Message.Failure(Optional.of(RpcId.of(1)), RpcError.of(5, "")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "'1'",
        "0",
        "-0",
        "-17",
        "9007199254740993",
        "123456789012345678901234567890",
        "''",
        "'é'",
        "'a/b'",
        "'\\n'"
      })
  void an_id_comes_back_as_it_came_JR_03_4_T39(String id) {
    Message read = message("{'jsonrpc':'2.0','id':" + id + ",'method':'m'}");

    assertThat(((Message.Request) read).id().token().text()).isEqualTo(id.replace('\'', '"'));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1.5", "1.0", "1e3", "true", "{}", "[1]"})
  void an_id_is_a_string_or_an_integer_JR_02(String id) {
    assertBroken("{'jsonrpc':'2.0','id':" + id + ",'method':'m'}", -32600, Optional.empty());
    assertBroken("{'jsonrpc':'2.0','id':" + id + ",'result':{}}", -32600, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'id':7,'method':'m'}",
        "{'jsonrpc':2.0,'id':7,'method':'m'}",
        "{'jsonrpc':'1.0','id':7,'method':'m'}",
        "{'jsonrpc':'2.0','id':7}",
        "{'jsonrpc':'2.0','id':7,'method':1}",
        "{'jsonrpc':'2.0','id':7,'method':null}",
        "{'jsonrpc':'2.0','id':7,'method':'m','params':[]}",
        "{'jsonrpc':'2.0','id':7,'method':'m','params':null}",
        "{'jsonrpc':'2.0','id':7,'method':'m','params':'p'}",
        "{'jsonrpc':'2.0','id':7,'method':'m','result':{}}",
        "{'jsonrpc':'2.0','id':7,'method':'m','error':{'code':1,'message':'m'}}",
        "{'jsonrpc':'2.0','id':7,'result':{},'error':{'code':1,'message':'m'}}",
        "{'jsonrpc':'2.0','id':7,'result':1}",
        "{'jsonrpc':'2.0','id':7,'result':null}",
        "{'jsonrpc':'2.0','id':7,'error':'e'}",
        "{'jsonrpc':'2.0','id':7,'error':{'message':'m'}}",
        "{'jsonrpc':'2.0','id':7,'error':{'code':1.5,'message':'m'}}",
        "{'jsonrpc':'2.0','id':7,'error':{'code':'1','message':'m'}}",
        "{'jsonrpc':'2.0','id':7,'error':{'code':4294967296,'message':'m'}}",
      })
  void a_misshapen_message_is_an_invalid_request_that_names_its_id_JR_01_JR_04_JR_05_JR_15(
      String text) {
    assertBroken(text, -32600, Optional.of(RpcId.of(7)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "1", "'m'", "null", "true", "[]", "{'jsonrpc':'2.0','result':{}}"})
  void what_is_no_message_is_an_invalid_request_without_id(String text) {
    assertBroken(text, -32600, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{'jsonrpc':'2.0','id':1,'method':'m'",
        "{'jsonrpc':'2.0','id':1,'method':'m'}x",
        "{'jsonrpc':'2.0','id':1,'method':'m'}{}",
        "{'jsonrpc':'2.0','id':1,'method':'m'}]",
        "{'jsonrpc':'2.0','id':1,'method':'m'},",
        "{'jsonrpc':'2.0','id':1,'method':'m',}",
        "{'jsonrpc':'2.0','id':01,'method':'m'}",
        "{'jsonrpc':'2.0','id':+1,'method':'m'}",
        "{'jsonrpc':'2.0','id':NaN,'method':'m'}",
        "{'jsonrpc':'2.0','id':Infinity,'method':'m'}",
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':.5}}",
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':1.}}",
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':0x1}}",
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{a:1}}",
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':[1,]}}",
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':'\\x'}}",
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':'\\u12'}}",
        "{'jsonrpc':'2.0','id':1,'method':'m'/**/}",
        "{'jsonrpc':'2.0','id':1,'method':'m'}//",
        "{'jsonrpc':'2.0','id':1,'method':'a\nb'}",
        "{'jsonrpc':'2.0','id':1,'method':'a\tb'}",
        "{'jsonrpc':'2.0','id':1,'method':'a\0b'}",
        "[{'jsonrpc':'2.0','id':1,'method':'m'}",
      })
  void what_is_not_json_is_a_parse_error_JR_15(String text) {
    assertBroken(text, -32700, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'jsonrpc':'2.0','id':1,'method':'m','method':'n'}",
        "{'jsonrpc':'2.0','id':1,'id':1,'method':'m'}",
        "{'jsonrpc':'2.0','id':1,'method':'m','x':1,'x':1}",
        "{'jsonrpc':'2.0','id':1,'method':'m','\\u006dethod':'n'}",
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'name':'a','name':'b'}}",
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'name':'a','n\\u0061me':'b'}}",
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':{'b':{'c':1,'c':1}}}}",
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':[[{'c':1,'c':1}]]}}",
        "{'jsonrpc':'2.0','id':1,'method':'m','x':{'a':[{'c':1,'c':1}]}}",
        "{'jsonrpc':'2.0','id':1,'result':{'c':1,'c':1}}",
        "{'jsonrpc':'2.0','id':1,'error':{'code':1,'code':2,'message':'m'}}",
        "[{'jsonrpc':'2.0','id':1,'method':'m','method':'n'}]",
      })
  void a_duplicate_name_is_a_parse_error_at_every_depth_4_T55(String text) {
    assertBroken(text, -32700, Optional.empty());
    assertThat(ENVELOPE.readFromServer(Texts.utf8(text)))
        .isEqualTo(ENVELOPE.readFromClient(Texts.utf8(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1 2]",
        "{} {}",
        "\0{}",
        "\ufeff{}",
        "{'a':'\t'}",
        "{'a':1,'a':2}",
        "{'a':[1,\u00a0]}"
      })
  void what_is_wrong_is_called_the_same_from_either_side(String text) {
    assertThat(ENVELOPE.readFromServer(Texts.utf8(text)))
        .isEqualTo(ENVELOPE.readFromClient(Texts.utf8(text)));
    assertBroken(text, -32700, Optional.empty());
  }

  @Test
  void what_is_not_utf_8_is_called_that_from_either_side_whatever_else_is_wrong() {
    byte[] text =
        Texts.join(Texts.utf8("{'a':1,'a':2,'b':'"), new byte[] {(byte) 0xE9}, Texts.utf8("'}"));

    assertThat(ENVELOPE.readFromServer(text)).isEqualTo(ENVELOPE.readFromClient(text));
    assertThat(((Envelope.Reading.Broken) ENVELOPE.readFromServer(text)).error().message())
        .isEqualTo("Parse error: the text is not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'jsonrpc':'2.0','id':7,'method':'tools/list','METHOD':'tools/call'}",
        "{'jsonrpc':'2.0','id':7,'Method':'tools/call','method':'tools/list'}",
        "{'jsonrpc':'2.0','id':7,'ID':8,'method':'m'}",
        "{'jsonrpc':'2.0','id':7,'method':'m','Params':{}}",
        "{'jsonrpc':'2.0','id':7,'method':'m','param\u017f':{}}",
        "{'jsonrpc':'2.0','id':7,'Result':{},'method':'m'}",
        "{'jsonrpc':'2.0','id':7,'method':'tools/call','params':{'name':'a','NAME':'b'}}",
        "{'jsonrpc':'2.0','id':7,'method':'tools/call','params':{'Name':'b','x':1,'name':'a'}}",
        "{'jsonrpc':'2.0','id':7,'method':'m','params':{'task':1,'tas\u212a':2}}",
      })
  void names_that_only_case_tells_apart_are_refused_from_clients(String text) {
    assertBroken(text, -32600, Optional.of(RpcId.of(7)));
  }

  @Test
  void twins_are_found_among_many_names_too() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      many.append("'n").append(i).append("':0,");
    }
    String form = "{'jsonrpc':'2.0','id':7,'method':'m','params':{" + many + "'%s':1}}";

    assertThat(message(form.formatted("name"))).isInstanceOf(Message.Request.class);
    assertBroken(form.formatted("N49"), -32600, Optional.of(RpcId.of(7)));
  }

  @Test
  void case_tells_names_apart_where_no_reader_of_envelopes_looks() {
    assertThat(
            message(
                "{'jsonrpc':'2.0','id':7,'method':'m','x':1,'X':2,"
                    + "'params':{'arguments':{'a':1,'A':2}}}"))
        .isEqualTo(new Message.Request(RpcId.of(7), "m", object("{'arguments':{'a':1,'A':2}}")));
  }

  @Test
  void a_server_may_have_names_that_only_case_tells_apart() {
    assertThat(
            ENVELOPE.readFromServer(
                Texts.utf8("{'jsonrpc':'2.0','id':7,'result':{'a':1,'A':2},'Result':1}")))
        .isInstanceOf(Envelope.Reading.Single.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'jsonrpc':'2.0','id':1,'method':'m','method\\u0000':'n'}",
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'name\\u0000':'n'}}",
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':{'\\u0000':'n'}}}",
      })
  void a_nul_in_a_name_is_a_parse_error(String text) {
    assertBroken(text, -32700, Optional.empty());
  }

  @Test
  void a_nul_in_a_value_is_fine() {
    Message read = message("{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':'x\\u0000y'}}");

    assertThat(((Message.Request) read).params().string("a")).contains("x\0y");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\ud800",
        "\\udc00",
        "a\\udbffb",
        "\\ud83d\\ud83d",
        "\\ude00\\ud83d",
        "\\ud83d\\u0041"
      })
  void half_of_a_surrogate_pair_is_a_parse_error(String half) {
    assertBroken("{'jsonrpc':'2.0','id':1,'method':'" + half + "'}", -32700, Optional.empty());
    assertBroken("{'jsonrpc':'2.0','id':'" + half + "','method':'m'}", -32700, Optional.empty());
    assertBroken(
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'" + half + "':1}}",
        -32700,
        Optional.empty());
    assertBroken(
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':[{'" + half + "':1}]}}",
        -32700,
        Optional.empty());
    assertBroken(
        "{'jsonrpc':'2.0','id':1,'method':'m','unknown':['" + half + "']}",
        -32700,
        Optional.empty());
  }

  @Test
  void a_whole_surrogate_pair_is_one_character() {
    Message read = message("{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':'\\ud83d\\ude00'}}");

    assertThat(((Message.Request) read).params()).isEqualTo(object("{'a':'\uD83D\uDE00'}"));
  }

  @Test
  void a_server_may_cut_a_character_in_half_and_its_text_is_relayed_as_it_is() {
    byte[] text = Texts.utf8("{'jsonrpc':'2.0','id':1,'result':{'text':'cut \\ud83d'}}");

    Envelope.Reading reading = ENVELOPE.readFromServer(text);

    Message read = ((Envelope.Reading.Single) reading).message();
    assertThat(read.toBytes()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "UTF-16LE",
    "UTF-16BE",
    "UTF-16",
    "UTF-32LE",
    "UTF-32BE",
  })
  void no_other_encoding_is_accepted_JR_01(Charset charset) {
    byte[] text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}".getBytes(charset);

    assertBroken(text, -32700);
  }

  @ParameterizedTest
  @CsvSource({
    "c0af", // overlong slash
    "e080af",
    "f08080af",
    "c1bf",
    "eda080", // a surrogate
    "edbfbf",
    "f4908080", // beyond Unicode
    "f5808080",
    "ff",
    "fe",
    "80", // a continuation alone
    "c3", // cut off
    "e282",
    "f09f98",
    "e28228",
    "f0288cbc",
    "e9", // Latin-1
  })
  void text_that_is_not_utf_8_is_a_parse_error_JR_01(String hex) {
    byte[] faulty = HexFormat.of().parseHex(hex);
    byte[] before = Texts.utf8("{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':'");

    assertBroken(Texts.join(before, faulty, Texts.utf8("'}}")), -32700);
    assertBroken(Texts.join(before, faulty), -32700);
    assertThat(
            ENVELOPE.readFromServer(
                Texts.join(
                    Texts.utf8("{'jsonrpc':'2.0','id':1,'result':{'a':'"),
                    faulty,
                    Texts.utf8("'}}"))))
        .isInstanceOf(Envelope.Reading.Broken.class);
  }

  @Test
  void a_byte_order_mark_is_a_parse_error_JR_01() {
    byte[] mark = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    assertBroken(Texts.join(mark, Texts.utf8("{'jsonrpc':'2.0','id':1,'method':'m'}")), -32700);
  }

  @Test
  void nesting_is_bounded() {
    JsonBounds bounds = new JsonBounds(10, 100, 100, 1_000);
    // The envelope and its params are two levels of the ten.
    assertThat(new Envelope(bounds).readFromClient(nested(8)))
        .isInstanceOf(Envelope.Reading.Single.class);
    assertThat(codeOf(new Envelope(bounds).readFromClient(nested(9)))).isEqualTo(-32700);
    assertThat(codeOf(ENVELOPE.readFromClient(nested(100_000)))).isEqualTo(-32700);
    assertThat(codeOf(ENVELOPE.readFromServer(nested(100_000)))).isEqualTo(-32700);
  }

  @Test
  void numbers_are_bounded_in_length_and_otherwise_kept() {
    String longest = "1".repeat(1_000);
    Message read = message("{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':" + longest + "}}");

    assertThat(((Message.Request) read).params().get("a")).map(Json::text).contains(longest);
    assertBroken(
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':1" + longest + "}}",
        -32700,
        Optional.empty());
    assertBroken("{'jsonrpc':'2.0','id':1" + longest + ",'method':'m'}", -32700, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e400", "-1E-400", "1e99999999999999999999", "0.10", "1E+5", "-0.0", "1e05"})
  void numbers_keep_their_text_whatever_their_value(String number) {
    Message read = message("{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':" + number + "}}");

    assertThat(((Message.Request) read).params().get("a")).map(Json::text).contains(number);
  }

  @Test
  void names_are_bounded_in_length() {
    String longest = "n".repeat(10_000);

    assertThat(message("{'jsonrpc':'2.0','id':1,'method':'m','params':{'" + longest + "':1}}"))
        .isInstanceOf(Message.Request.class);
    assertBroken(
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'n" + longest + "':1}}",
        -32700,
        Optional.empty());
  }

  @Test
  void tokens_are_bounded_T54() {
    Envelope small = new Envelope(new JsonBounds(10, 100, 100, 50));
    String few = "0,".repeat(20) + "0";
    String many = "0,".repeat(60) + "0";
    String form = "{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':[%s]}}";

    assertThat(small.readFromClient(Texts.utf8(form.formatted(few))))
        .isInstanceOf(Envelope.Reading.Single.class);
    assertThat(codeOf(small.readFromClient(Texts.utf8(form.formatted(many))))).isEqualTo(-32700);
  }

  @Test
  void a_batch_is_read_element_by_element() {
    Envelope.Reading reading =
        ENVELOPE.readFromClient(
            Texts.utf8(
                "[{'jsonrpc':'2.0','id':1,'method':'m'},7,{'jsonrpc':'2.0','method':'n'},[],"
                    + "{'jsonrpc':'2.0','id':2,'method':3}]"));

    assertThat(((Envelope.Reading.Batch) reading).elements())
        .satisfiesExactly(
            one -> assertThat(one).isInstanceOf(Envelope.Reading.Single.class),
            two -> assertThat(codeOf(two)).isEqualTo(-32600),
            three -> assertThat(three).isInstanceOf(Envelope.Reading.Single.class),
            four -> assertThat(codeOf(four)).isEqualTo(-32600),
            five -> assertThat(((Envelope.Reading.Broken) five).id()).contains(RpcId.of(2)));
  }

  @Test
  void a_batch_is_bounded_but_read_to_its_end() {
    String one = "{'jsonrpc':'2.0','id':1,'method':'m'}";
    String full = "[" + (one + ",").repeat(Envelope.MOST_IN_A_BATCH - 1) + one;

    assertThat(ENVELOPE.readFromClient(Texts.utf8(full + "]")))
        .isInstanceOfSatisfying(
            Envelope.Reading.Batch.class,
            batch -> assertThat(batch.elements()).hasSize(Envelope.MOST_IN_A_BATCH));
    assertBroken(full + "," + one + "]", -32600, Optional.empty());
    assertBroken(full + "," + one, -32700, Optional.empty());
  }

  @Test
  void long_strings_and_names_arrive_whole() {
    String text = "aé日\uD83D\uDE00\\\"\n".repeat(20_000);
    String name = "né".repeat(3_000);
    JsonObject params = JsonObject.of(name, Json.of(text), "b", Json.of("x".repeat(500_000)));

    Envelope.Reading reading =
        ENVELOPE.readFromClient(new Message.Notification("m", params).toBytes());

    assertThat(((Envelope.Reading.Single) reading).message())
        .isEqualTo(new Message.Notification("m", params));
    assertThat(params.string(name)).contains(text);
  }

  @Test
  void bounds_have_bounds_themselves() {
    assertThatThrownBy(() -> new JsonBounds(0, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new JsonBounds(1_001, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new Envelope(JsonBounds.WIDEST).readFromClient(nested(998)))
        .isInstanceOf(Envelope.Reading.Single.class);
  }

  @Test
  void unknown_members_of_params_survive_and_those_of_the_envelope_do_not_JR_28() {
    Message read =
        message(
            "{'jsonrpc':'2.0','vendor':{'x':1},'id':1,'method':'m',"
                + "'params':{'$defs':{'$anchor':[null,1.50]},'_meta':{'com.example/a':true}}}");

    assertThat(new String(read.toBytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{'jsonrpc':'2.0','id':1,'method':'m','params':{'$defs':{'$anchor':[null,1.50]},'_meta':{'com.example/a':true}}}"
                .replace('\'', '"'));
  }

  @Test
  void white_space_and_escapes_go_on_the_way_from_a_client_and_stay_from_a_server() {
    String params = "{ 'a' : '\\u0041\\/' ,\r\n 'b':[ 1 ] }";
    byte[] request =
        Texts.utf8("{'jsonrpc':'2.0','id':1,'method':'m','params':{'p':" + params + "}}");
    byte[] result = Texts.utf8("{'jsonrpc':'2.0','id':1,'result':{'p':" + params + "}}");

    Message.Request fromClient =
        (Message.Request) ((Envelope.Reading.Single) ENVELOPE.readFromClient(request)).message();
    Message.Result fromServer =
        (Message.Result) ((Envelope.Reading.Single) ENVELOPE.readFromServer(result)).message();

    assertThat(fromClient.params().get("p")).map(Json::text).contains("{\"a\":\"A/\",\"b\":[1]}");
    assertThat(fromServer.result().get("p")).map(Json::text).contains(params.replace('\'', '"'));
  }

  @Test
  void faults_never_repeat_what_was_sent() {
    for (String text :
        new String[] {
          "{'s3cret':1,'s3cret':2}", "{'s3cret'", "s3cret", "{'jsonrpc':'s3cret','id':1}"
        }) {
      Envelope.Reading.Broken broken =
          (Envelope.Reading.Broken) ENVELOPE.readFromClient(Texts.utf8(text));
      assertThat(broken.error().message()).doesNotContain("s3cret");
    }
  }

  private static byte[] nested(int depth) {
    return Texts.utf8(
        "{'jsonrpc':'2.0','id':1,'method':'m','params':{'a':"
            + "[".repeat(depth)
            + "]".repeat(depth)
            + "}}");
  }

  private static Message message(String singleQuoted) {
    return switch (ENVELOPE.readFromClient(Texts.utf8(singleQuoted))) {
      case Envelope.Reading.Single single -> single.message();
      case Envelope.Reading.Batch batch -> throw new AssertionError("a batch: " + batch);
      case Envelope.Reading.Broken broken -> throw new AssertionError(broken.error().message());
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'jsonrpc':'2.0','id':7,'method':5} | true",
        "{'jsonrpc':'1.0','id':7,'method':'m'} | true",
        "{'jsonrpc':'2.0','id':7,'method':'m','result':{}} | true",
        "{'jsonrpc':'2.0','id':7,'result':5} | false",
        "{'jsonrpc':'2.0','id':7,'error':'no'} | false",
      })
  void what_is_no_message_says_whether_it_meant_to_be_a_request(String text, boolean hadMethod) {
    assertThat(ENVELOPE.readFromServer(Texts.utf8(text)))
        .isInstanceOfSatisfying(
            Envelope.Reading.Broken.class,
            broken -> {
              assertThat(broken.hadMethod()).isEqualTo(hadMethod);
              assertThat(broken.id()).contains(RpcId.of(7));
            });
  }

  private static void assertBroken(String singleQuoted, int code, Optional<RpcId> id) {
    Envelope.Reading reading = ENVELOPE.readFromClient(Texts.utf8(singleQuoted));
    assertThat(codeOf(reading)).as(singleQuoted).isEqualTo(code);
    assertThat(((Envelope.Reading.Broken) reading).id()).isEqualTo(id);
  }

  private static void assertBroken(byte[] text, int code) {
    assertThat(codeOf(ENVELOPE.readFromClient(text))).isEqualTo(code);
  }

  private static int codeOf(Envelope.Reading reading) {
    return switch (reading) {
      case Envelope.Reading.Broken broken -> broken.error().code();
      case Envelope.Reading.Single single -> throw new AssertionError("read: " + single);
      case Envelope.Reading.Batch batch -> throw new AssertionError("read: " + batch);
    };
  }
}
