<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB" sourcelanguage="ja_JP">
  <context>
    <name>meti_desk</name>
    <message>
      <location filename="../meti_desk/ui/bulk/model.py" />
      <source>すべて</source>
      <translation>All</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/model.py" />
      <source>済み</source>
      <translation>Done</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/model.py" />
      <source>飛ばした</source>
      <translation>Skipped</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/model.py" />
      <source>できなかった</source>
      <translation>Refused</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/model.py" />
      <source>中止</source>
      <translation>Cancelled</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/model.py" />
      <source>ファイル</source>
      <translation>Files</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/model.py" />
      <source>結果</source>
      <translation>Result</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/model.py" />
      <source>格付・取扱制限</source>
      <translation>Label and restrictions</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/model.py" />
      <source>理由</source>
      <translation>Reason</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>対象</source>
      <translation>Which files</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>結果をCSVに保存する</source>
      <translation>Save the results as CSV</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>前に済んだ分を飛ばす</source>
      <translation>Skip what was done before</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>数えています…</source>
      <translation>Counting …</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>まとめて格付する</source>
      <translation>Label all of them</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>変える</source>
      <translation>Change</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>同じ格付でよいファイルだけを選んでください。元の文書や表示からもっと高い格付が要るもの、ほかの人が決めたものは、理由とともに断られ、変わりません。</source>
      <translation>Choose only files that may have the same label. Files whose sources or marks ask for a higher one, and those that somebody else decided, are refused with the reason and stay as they are.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>{n}件のファイル</source>
      <translation>{n} files</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>{n}件</source>
      <translation>{n} entries</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>格付あり {n}件</source>
      <translation>Labelled: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>格付なし {n}件</source>
      <translation>No label: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>CSVの保存先</source>
      <translation>Where to save the CSV</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>まとめて格付</source>
      <translation>Label many files</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>格付</source>
      <translation>Label</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>やめる</source>
      <translation>Cancel</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>CSVの保存先を変える</source>
      <translation>Change where the CSV is saved</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>記録</source>
      <translation>Record</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>ほか{n}個のフォルダ</source>
      <translation>{n} more folders</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>読めない {n}件</source>
      <translation>Unreadable: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>（{n}件まで確かめました）</source>
      <translation>({n} looked at so far)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>ファイルが見つかりません。</source>
      <translation>No files were found.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>機密性を選んでください。</source>
      <translation>Choose the confidentiality.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>格付の結果.csv</source>
      <translation>label-results.csv</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>格付のないものだけ</source>
      <translation>Only those without a label</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>理由を書いてください。</source>
      <translation>Write the reason.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/page.py" />
      <source>一件ずつ確かめて置き換えます。途中で中止しても、済んだ分は残ります。</source>
      <translation>Each file is checked and replaced by itself. What is done stays when you cancel.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/result.py" />
      <source>ファイルごとの結果</source>
      <translation>Result for each file</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/result.py" />
      <source>行を選ぶと、くわしい内容を示します。</source>
      <translation>Choose a row to see its details.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/result.py" />
      <source>この文書を開く</source>
      <translation>Open this document</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/result.py" />
      <source>CSVを開く</source>
      <translation>Open the CSV</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/result.py" />
      <source>続きを行う</source>
      <translation>Go on</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/result.py" />
      <source>ホームへ</source>
      <translation>Home</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/result.py" />
      <source>示す結果</source>
      <translation>Results shown</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/result.py" />
      <source>中止しました（{total}件のうち{n}件が残っています）</source>
      <translation>Cancelled ({n} of {total} are left)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/result.py" />
      <source>結果：{where}</source>
      <translation>Result: {where}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/result.py" />
      <source>結果のCSV</source>
      <translation>CSV of the results</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/result.py" />
      <source>{total}件のうち{n}件ができませんでした</source>
      <translation>{n} of {total} files could not be done</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/result.py" />
      <source>終わりました（{n}件）</source>
      <translation>Finished ({n} files)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/result.py" />
      <source>{word} {n}件</source>
      <translation>{word} {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/bulk/task.py" />
      <source>まとめて格付を付けています</source>
      <translation>Labelling many files</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/consult_form.py" />
      <source>ほかの人が決めた格付です。変える前に、決めた人か課室情報セキュリティ責任者に相談します。</source>
      <translation>Somebody else decided this label. Before it is changed, consult that person or the section's information security officer. </translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/consult_form.py" />
      <source>見直しが必要と考える理由</source>
      <translation>Why the label should be changed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/consult_form.py" />
      <source>回答を記入する</source>
      <translation>Enter the answer</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/consult_form.py" />
      <source>相談を作成</source>
      <translation>Draft the consultation</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/consult_form.py" />
      <source>{title}を開く</source>
      <translation>Open: {title}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/consult_form.py" />
      <source>相談した人（職名・氏名）</source>
      <translation>Who was consulted (post and name)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/consult_form.py" />
      <source>回答の日（例：11月20日）</source>
      <translation>Day of the answer (such as 20 November)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/consult_form.py" />
      <source>回答（見直してよい、など）</source>
      <translation>Answer (such as: may be changed)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/consult_form.py" />
      <source>相談書</source>
      <translation>Consultation letter</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/consult_form.py" />
      <source>メールの下書き</source>
      <translation>Draft mail</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/consult_form.py" />
      <source>格付の相談</source>
      <translation>Consultation about the label</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/consult_form.py" />
      <source>開く</source>
      <translation>Open</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/evidence_view.py" />
      <source>ほかの手がかり{n}件</source>
      <translation>{n} more clues</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/files.py" />
      <source>読み込んでいます…</source>
      <translation>Reading…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/files.py" />
      <source>ファイルを加える</source>
      <translation>Add files</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/files.py" />
      <source>元の文書を加える</source>
      <translation>Add a source document</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/files.py" />
      <source>取扱記録から選ぶ</source>
      <translation>Choose from the records</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/files.py" />
      <source>図で見る</source>
      <translation>Show as a picture</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/files.py" />
      <source>付加情報を見る</source>
      <translation>See hidden information</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/files.py" />
      <source>取扱記録から元の文書を選ぶ</source>
      <translation>Choose a source from the records</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/files.py" />
      <source>元の文書と作られた文書を図で見る</source>
      <translation>Show sources and what was made as a picture</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/files.py" />
      <source>元の文書</source>
      <translation>Source documents</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/files.py" />
      <source>付加情報{n}件</source>
      <translation>{n} items of hidden information</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>機密性</source>
      <translation>Confidentiality</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>完全性</source>
      <translation>Integrity</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>可用性</source>
      <translation>Availability</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>文書に表示を入れる</source>
      <translation>Put the mark into the document</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>完全性・可用性は継承されません。この文書について決めてください。</source>
      <translation>Integrity and availability are not inherited. Decide them for this document.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>手がかりがありません</source>
      <translation>No clue found</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>提案：{what}</source>
      <translation>Proposed: {what}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>提案より低くする理由</source>
      <translation>Reason for choosing less than proposed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>手がかりと違う判断は、理由とともに取扱記録に残ります。第7条</source>
      <translation>A judgement against the evidence is recorded with its reason. Article 7</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>完全性{n}</source>
      <translation>Integrity {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>可用性{n}</source>
      <translation>Availability {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>機密性3とする必要</source>
      <translation>Need for Confidentiality 3</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>どうして機密性3でなければならないかを一行で書いてください。第3条第2項</source>
      <translation>Write in one line why it has to be Confidentiality 3. Article 3(2)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>取扱制限</source>
      <translation>Handling restrictions</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/label_panel.py" />
      <source>文書に入る表示</source>
      <translation>Mark in the document</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>決めてください</source>
      <translation>Please decide</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>確かめてください</source>
      <translation>Please check</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>できません</source>
      <translation>Not allowed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>行わないと決めました</source>
      <translation>Decided not to do it</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>許可・承認が要ります</source>
      <translation>Needs permission or approval</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>自動で行います</source>
      <translation>Done for you</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>満たしています</source>
      <translation>Fulfilled</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>方針の提案を選んであります</source>
      <translation>The policy's proposal is chosen</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>確かめました</source>
      <translation>I have checked this</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>{title}：確かめました</source>
      <translation>{title}: I have checked this</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>理由を直す</source>
      <translation>Change reason</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>{title}の理由</source>
      <translation>Reason: {title}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>行う</source>
      <translation>Do it</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>行わない</source>
      <translation>Do not</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>{title}の理由を直す</source>
      <translation>Change the reason: {title}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>提案：{reason}</source>
      <translation>Proposed: {reason}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>理由：{reason}</source>
      <translation>Reason: {reason}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measure_row.py" />
      <source>理由を書くと決まります。</source>
      <translation>It is decided once you write the reason.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measures.py" />
      <source>ほかに済んでいる措置 {n}件</source>
      <translation>{n} more measures already met</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measures.py" />
      <source>ほかに済んでいる措置{n}件を閉じる</source>
      <translation>Hide {n} more measures already met</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measures.py" />
      <source>格付を選ぶと、必要な措置を示します。</source>
      <translation>Choose a label to see the measures that are needed.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/measures.py" />
      <source>ほかに済んでいる措置{n}件を開く</source>
      <translation>Show {n} more measures already met</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>保存する</source>
      <translation>Save</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>区域内で渡す</source>
      <translation>Hand over inside</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>移送する</source>
      <translation>Transfer outside</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>省外に提供</source>
      <translation>Provide</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>公表する</source>
      <translation>Publish</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>複製する</source>
      <translation>Copy</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>印刷する</source>
      <translation>Print</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>持ち出す</source>
      <translation>Carry out</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>消去する</source>
      <translation>Erase</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>その他 ▾</source>
      <translation>Other ▾</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>その他の取扱い: {what}</source>
      <translation>Other handling: {what}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>渡す相手のメールアドレス</source>
      <translation>Mail address of the recipient</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>複数のときは , で区切ります</source>
      <translation>Separate several with ,</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>業務の委託先に渡す</source>
      <translation>To a contractor of the office</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>パスワード</source>
      <translation>Password</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>パスワード（20文字以上を勧めます）</source>
      <translation>Password (20 characters or more are recommended)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>パスワードをファイルと同じ経路で送る理由</source>
      <translation>Reason to send the password the same way as the file</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>署名する鍵のパスワード又は暗証番号</source>
      <translation>Password or PIN of the key to sign with</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>保護の方法：{methods}</source>
      <translation>Method: {methods}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>見つかった付加情報を見る</source>
      <translation>See what was found</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>この取扱いは、必要な措置の案内だけを行います。措置は手順に従って行ってください。</source>
      <translation>For this action only the needed measures are shown. Carry them out by the procedure.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>保存先のフォルダを選ぶ</source>
      <translation>Choose the folder for the results</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>その他の取扱い</source>
      <translation>Other handling</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>鍵は「設定」の「自分の鍵」で選びます。</source>
      <translation>The key is chosen in the settings, under “Own key”.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>保存先を変える</source>
      <translation>Change the folder for the results</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>保存先</source>
      <translation>Folder</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>付加情報のうち{n}種類を残します。</source>
      <translation>{n} kinds of hidden information stay.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>自動で作る</source>
      <translation>Make one for me</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>自分で決める</source>
      <translation>Own password</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>合意したもの</source>
      <translation>The agreed one</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/next_panel.py" />
      <source>次にすること</source>
      <translation>What to do next</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/ordered.py" />
      <source>修正の指示（{ref}）：{label}　{by}「{note}」</source>
      <translation>Correction ordered ({ref}): {label}  {by}: “{note}”</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/page.py" />
      <source>原本は変わりません。結果は確かめてから保存されます。</source>
      <translation>The originals stay unchanged. Results are verified before they are saved.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/page.py" />
      <source>署名する鍵のパスワード又は暗証番号を入力してください。</source>
      <translation>Enter the password of the key to sign with, or its PIN.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/page.py" />
      <source>格付だけ行う</source>
      <translation>Label only</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/page.py" />
      <source>格付して保存する</source>
      <translation>Label and save</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/page.py" />
      <source>保護して提供の準備をする</source>
      <translation>Protect and prepare for providing</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/page.py" />
      <source>公表の準備をする</source>
      <translation>Prepare for publishing</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/page.py" />
      <source>結果を確かめてから、格付を付けたファイルで置き換えます。内容は変わりません。</source>
      <translation>After verification the labelled file replaces the original. Its content stays the same.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/page.py" />
      <source>ファイルを置くか、「ファイルを加える」で選んでください。</source>
      <translation>Drop files here, or choose them with “Add files”.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/page.py" />
      <source>「行う」とした措置のうち、ここではまだ行えないものがあります。</source>
      <translation>One of the measures that you chose to take cannot be carried out here yet.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/page.py" />
      <source>決めていない措置、または許可の要る措置があります。</source>
      <translation>Some measures are undecided or need a permission.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/page.py" />
      <source>格付して保護</source>
      <translation>Label and protect</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/page.py" />
      <source>ファイルと元の文書</source>
      <translation>Files and source documents</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/page.py" />
      <source>案内だけの取扱いです</source>
      <translation>This action is guidance only</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/permit_form.py" />
      <source>許可を申請する</source>
      <translation>Ask for a permit</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/permit_form.py" />
      <source>口頭・書面で許可済…</source>
      <translation>Permitted orally or in writing…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/permit_form.py" />
      <source>記入した許可は、後で責任者が確認します。</source>
      <translation>The permission you note is confirmed later by the person responsible.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/permit_form.py" />
      <source>使う包括許可</source>
      <translation>Blanket permit to use</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/permit_form.py" />
      <source>許可した人（職名・氏名）</source>
      <translation>Who permitted it (post and name)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/permit_form.py" />
      <source>許可の日（例：11月20日）</source>
      <translation>Date of the permission (e.g. 20 November)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/permit_form.py" />
      <source>許可の方法（口頭・メール・書面）</source>
      <translation>How it was given (orally, by mail, in writing)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/permit_form.py" />
      <source>口頭・書面の許可を記入する</source>
      <translation>Note an oral or written permission</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/permit_form.py" />
      <source>{kind}（{day}まで）</source>
      <translation>{kind} (until {day})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/permit_form.py" />
      <source>包括許可を使わない</source>
      <translation>Use no blanket permit</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/picker.py" />
      <source>文書を探す</source>
      <translation>Search documents</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/picker.py" />
      <source>取扱記録の文書</source>
      <translation>Documents in the records</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/picker.py" />
      <source>元の文書にする</source>
      <translation>Take as a source</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/picker.py" />
      <source>閉じる</source>
      <translation>Close</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/picker.py" />
      <source>行を選ぶか、元の文書の欄へ引いて運びます。</source>
      <translation>Choose a row, or drag it to the sources.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/restrictions.py" />
      <source>{who}限り</source>
      <translation>For {who} only</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/restrictions.py" />
      <source>加える</source>
      <translation>Add</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/restrictions.py" />
      <source>見てよい者（例：審査委員）</source>
      <translation>Who may see it (e.g. review board)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/restrictions.py" />
      <source>「{pattern}」の全体を書く</source>
      <translation>Write the whole of “{pattern}”</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/restrictions.py" />
      <source>取扱制限の記入をやめる</source>
      <translation>Stop writing the restriction</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/restrictions.py" />
      <source>少なく表示</source>
      <translation>Show fewer</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/restrictions.py" />
      <source>ほかの制限・期限</source>
      <translation>Other restrictions and terms</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/restrictions.py" />
      <source>{pattern}を記入する</source>
      <translation>Fill in {pattern}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/restrictions.py" />
      <source>○のところを埋めてください。</source>
      <translation>Replace the ○.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/sources.py" />
      <source>{name}を元の文書から外す</source>
      <translation>Remove {name} from the sources</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/sources.py" />
      <source>全文が同じ文書</source>
      <translation>The same text throughout</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/sources.py" />
      <source>ほとんど同じ文書（{n}%）</source>
      <translation>Nearly the same ({n}%)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/sources.py" />
      <source>同じ文のある文書（{n}%）</source>
      <translation>Has passages in common ({n}%)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/sources.py" />
      <source>元の文書を加えると、その機密性と取扱制限を受け継ぎます。</source>
      <translation>Add the source documents to inherit their confidentiality and handling restrictions.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/sources.py" />
      <source>まだ読んでいない文書が{n}件あります。その中の元の文書は、まだ見つかりません。</source>
      <translation>{n} documents have not been read yet. Sources among them are not found yet.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/sources.py" />
      <source>外す</source>
      <translation>Leave out</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/sources.py" />
      <source>{name}を元の文書にする</source>
      <translation>Take {name} as a source</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/sources.py" />
      <source>加えました</source>
      <translation>Added</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/sources.py" />
      <source>定型文なので除く</source>
      <translation>Boilerplate: leave it out</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/classify/sources.py" />
      <source>{name}と一致する文は定型文なので除く</source>
      <translation>What {name} has in common is boilerplate: leave it out</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/model.py" />
      <source>渡した相手：{names}</source>
      <translation>Given to: {names}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/model.py" />
      <source>暗号</source>
      <translation>Algorithms</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/model.py" />
      <source>状態</source>
      <translation>State</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/model.py" />
      <source>使用</source>
      <translation>Used</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>新しいファイルを確かめましたか。古い写しは元に戻せません。渡した相手の分は、相手に消去を依頼してください。</source>
      <translation>Did you check the new files? Old copies cannot be brought back. Ask those who got one to remove theirs.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>暗号の一覧</source>
      <translation>Algorithms</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>影響するファイル</source>
      <translation>Files concerned</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>使っていない暗号も示す</source>
      <translation>Show algorithms that are not used</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>根拠</source>
      <translation>Reference</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>危殆化の印を付ける</source>
      <translation>Mark as compromised</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>印を外す</source>
      <translation>Lift the mark</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>署名された通知を取り込む</source>
      <translation>Take over a signed notice</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>今のパスワード</source>
      <translation>Password now</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>保護し直す</source>
      <translation>Protect anew</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>古い写しを消去する</source>
      <translation>Remove old copies</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>終わる</source>
      <translation>Finish</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>安全でなくなった暗号に印を付けると、新しく使うことを断ります。</source>
      <translation>Once an algorithm is marked as no longer safe, nothing new is protected by it.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>署名された通知を選ぶ</source>
      <translation>Choose the signed notice</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>{n}件は保護し直せませんでした。</source>
      <translation>{n} could not be protected anew. </translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>{n}件を保護し直しました。新しいパスワードを相手に伝えてください。</source>
      <translation>{n} protected anew. Tell the recipients the new password.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>通知の番号や日付など</source>
      <translation>Number and day of the notice</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>影響するファイルを保護したときのパスワードです。</source>
      <translation>The password with which the affected files were protected.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>暗号の緊急対応</source>
      <translation>Compromised cryptography</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>影響するもの</source>
      <translation>What is concerned</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>保護し直すもの {waiting}件・古い写し {old}件・全部で {all}件</source>
      <translation>{waiting} to protect anew, {old} old copies, {all} in all</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>根拠を入れてください。</source>
      <translation>Enter a reference.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>今のパスワードを入れてください。</source>
      <translation>Enter the password that opens them now.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>{done} / {total}件</source>
      <translation>{done} of {total}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/emergency/page.py" />
      <source>古い写しを{n}件消去しました。</source>
      <translation>{n} old copies removed.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/documents.py" />
      <source>{n}件・{word}</source>
      <translation>{n} · {word}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/documents.py" />
      <source>調べています…</source>
      <translation>Looking…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/documents.py" />
      <source>要解決</source>
      <translation>to solve</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/documents.py" />
      <source>付加情報</source>
      <translation>Hidden information</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/model.py" />
      <source>箇所</source>
      <translation>Place</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/model.py" />
      <source>件数</source>
      <translation>Count</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/model.py" />
      <source>重要度</source>
      <translation>Severity</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/model.py" />
      <source>取り除くと</source>
      <translation>On removal</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/model.py" />
      <source>種類によります</source>
      <translation>Depends on kind</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/model.py" />
      <source>{n}か所</source>
      <translation>{n} places</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/model.py" />
      <source>先に解決が必要なもの</source>
      <translation>To be solved first</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/model.py" />
      <source>残します</source>
      <translation>Kept</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/model.py" />
      <source>（値はありません）</source>
      <translation>(no value)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>チェックのある種類を取り除きます。選択は、すべてのファイルに当てはまります。</source>
      <translation>Kinds with a check mark are removed. The choice holds for all files.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>見つかった付加情報</source>
      <translation>What was found</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>目的</source>
      <translation>For</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>変更履歴</source>
      <translation>Tracked changes</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>標準に戻す</source>
      <translation>Back to the standard</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>この選択で戻る</source>
      <translation>Go back with this choice</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>取り除いた写しを作る</source>
      <translation>Make cleaned copies</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>フォルダを加える</source>
      <translation>Add a folder</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>ここに、選んだ付加情報の内容と、取り除くとどうなるかを示します。</source>
      <translation>Here the chosen finding is told in full, with what removal does.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>ファイルかフォルダを置くか、「ファイルを加える」で選んでください。</source>
      <translation>Drop files or a folder, or choose them with “Add files”.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>付加情報を調べるフォルダを選ぶ</source>
      <translation>Choose a folder to look at</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>1ページ目</source>
      <translation>Page 1</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>墨消しする</source>
      <translation>Redact</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>調べています（残り{n}件）。待たずに進めます。</source>
      <translation>Looking ({n} left). You need not wait.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>付加情報の除去の結果.csv</source>
      <translation>removal-results.csv</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>提供</source>
      <translation>Providing</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>公表</source>
      <translation>Publishing</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>反映する</source>
      <translation>Accept</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>元に戻す</source>
      <translation>Reject</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>あれば断る</source>
      <translation>Refuse</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>{n}種類を残します。渡してよいか確かめてください。</source>
      <translation>{n} kinds stay. Make sure that they may be given.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/page.py" />
      <source>公表では格付も除き、隠れた内容があれば止まります。原本は変わりません。</source>
      <translation>For publishing the label goes too, and hidden content stops it. Originals stay as they are.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>LibreOffice を入れると、1ページ目を比べられます。</source>
      <translation>Install LibreOffice to compare page 1.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>この環境では LibreOffice を隔離できないため、1ページ目を表示しません。</source>
      <translation>Page 1 is not shown: LibreOffice cannot be confined on this system.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>大きいため、1ページ目を表示しません。</source>
      <translation>Page 1 is not shown: the document is large.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>1ページ目を描けませんでした。</source>
      <translation>Page 1 could not be drawn.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>この形式は、1ページ目を表示できません。</source>
      <translation>There is no picture of page 1 for this format.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>1ページ目、取り除く前</source>
      <translation>Page 1, before</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>1ページ目、取り除いた後</source>
      <translation>Page 1, after</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>取り除く前</source>
      <translation>Before</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>取り除いた後</source>
      <translation>After</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>結果を確かめる</source>
      <translation>Try it</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>保存せずに試し、1ページ目を比べます。止めるものがあれば、ここに示します。</source>
      <translation>Tries it without saving and compares page 1. What stops it is told here.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>試しています…</source>
      <translation>Trying…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>取り除けることを確かめました：{n}件。</source>
      <translation>Can be removed: {n}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>止めるもの：{what}</source>
      <translation>What stops it: {what}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>残るもの：{n}件。</source>
      <translation>Stays: {n}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/preview.py" />
      <source>LibreOffice で描いた1ページ目です。</source>
      <translation>Page 1 as LibreOffice draws it.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/result.py" />
      <source>フォルダを開く</source>
      <translation>Open folder</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/result.py" />
      <source>選び直す</source>
      <translation>Choose again</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/result.py" />
      <source>取り除いた付加情報 {went}件、残った付加情報 {stayed}件。</source>
      <translation>Removed: {went}. Stayed: {stayed}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/result.py" />
      <source>消した箇所 {n}か所。</source>
      <translation>Places redacted: {n}. </translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/result.py" />
      <source>ファイル・付加情報</source>
      <translation>File and finding</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/result.py" />
      <source>結果・箇所</source>
      <translation>Outcome and place</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/result.py" />
      <source>墨消しした写しを作りました（{n}件）</source>
      <translation>Redacted copies made ({n})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/result.py" />
      <source>取り除いた写しを作りました（{n}件）</source>
      <translation>Cleaned copies made ({n})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/result.py" />
      <source>墨消しした箇所</source>
      <translation>Redacted places</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/result.py" />
      <source>取り除いたもの</source>
      <translation>Removed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/result.py" />
      <source>残ったもの</source>
      <translation>Stayed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/result.py" />
      <source>取り除くものはありませんでした</source>
      <translation>There was nothing to remove</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/task.py" />
      <source>付加情報を取り除いています</source>
      <translation>Removing hidden information</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/words.py" />
      <source>見つかりません</source>
      <translation>Nothing found</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/words.py" />
      <source>重大 {n}件</source>
      <translation>{n} grave</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/findings/words.py" />
      <source>先に解決が必要</source>
      <translation>to be solved first</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/password.py" />
      <source>パスワード（隠しています）</source>
      <translation>Password (hidden)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/password.py" />
      <source>表示する</source>
      <translation>Show</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/password.py" />
      <source>コピー</source>
      <translation>Copy</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/password.py" />
      <source>電話で伝える</source>
      <translation>Tell by telephone</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/password.py" />
      <source>ファイルと同じメール・同じ経路で送らないでください。電話か、決めてある方法で伝えます。</source>
      <translation>Do not send it in the same mail or by the same route as the file. Tell it by phone or in the agreed way.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/password.py" />
      <source>コピーしました。30秒後にクリップボードから消します。</source>
      <translation>Copied. It leaves the clipboard after 30 seconds.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/password.py" />
      <source>パスワードをコピー</source>
      <translation>Copy the password</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/password.py" />
      <source>パスワードの渡し方</source>
      <translation>How to give the password</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/password.py" />
      <source>隠す</source>
      <translation>Hide</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/password.py" />
      <source>クリップボードから消しました。</source>
      <translation>Removed from the clipboard.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/remaining.py" />
      <source>残り約{hours}時間{n}分</source>
      <translation>About {hours} hours {n} minutes left</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/remaining.py" />
      <source>まもなく終わります</source>
      <translation>Almost done</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/remaining.py" />
      <source>残り約{n}秒</source>
      <translation>About {n} seconds left</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/remaining.py" />
      <source>残り約{n}分</source>
      <translation>About {n} minutes left</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>相談を作成する</source>
      <translation>Draft a consultation</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>周知の下書きを作る</source>
      <translation>Draft the notice</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>お知らせ</source>
      <translation>Note</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>ほかのファイルを取り扱う</source>
      <translation>Handle other files</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>{name}の格付の相談を作成する</source>
      <translation>Draft a consultation about the label of {name}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>{name}の格付の変更を周知する下書きを作る</source>
      <translation>Draft the notice of the changed label of {name}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>周知の下書き</source>
      <translation>Drafts of the notice</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>{name}のフォルダを開く</source>
      <translation>Open the folder of {name}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>取扱依頼書</source>
      <translation>Request for handling</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>パスワード通知書</source>
      <translation>Password slip</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>添える書類</source>
      <translation>Papers to go with it</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>{what} {n}</source>
      <translation>{what} {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>除いた付加情報</source>
      <translation>Hidden information removed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>残した付加情報</source>
      <translation>Hidden information kept</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/result.py" />
      <source>保護</source>
      <translation>Protection</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/working.py" />
      <source>行っています</source>
      <translation>Working</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/working.py" />
      <source>進み具合</source>
      <translation>Progress</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/working.py" />
      <source>中止する</source>
      <translation>Stop</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/working.py" />
      <source>中止しても、元のファイルは変わりません。終わった分はそのまま残ります。</source>
      <translation>Stopping leaves the originals unchanged. What is finished stays.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/working.py" />
      <source>準備しています…</source>
      <translation>Preparing…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/working.py" />
      <source>{total}件のうち{n}件</source>
      <translation>{n} of {total} files</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/handle/working.py" />
      <source>中止しています。今のファイルが終わるまでお待ちください。</source>
      <translation>Stopping. Please wait until the present file is finished.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/model.py" />
      <source>相手</source>
      <translation>Recipients</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/model.py" />
      <source>保護の方法</source>
      <translation>Protection</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/model.py" />
      <source>受付番号</source>
      <translation>Receipt</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/model.py" />
      <source>記録番号</source>
      <translation>Entry</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/model.py" />
      <source>日時</source>
      <translation>Time</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/model.py" />
      <source>出来事</source>
      <translation>Event</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/model.py" />
      <source>文書</source>
      <translation>Document</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>記録を探す（文書名・出来事・相手など）</source>
      <translation>Search the records (document, event, recipient …)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>改ざんがないか確かめる</source>
      <translation>Check for tampering</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>書き出す</source>
      <translation>Export</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>すべての記録を見る</source>
      <translation>Show all records</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>元の文書と作られた文書を見る</source>
      <translation>Sources and what was made</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>取扱記録の一覧</source>
      <translation>List of handling records</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>取扱記録の書き出し先</source>
      <translation>Where to export the handling records</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>取扱記録</source>
      <translation>Handling records</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>関わる{n}件だけを示しています。</source>
      <translation>Showing only the {n} records behind it.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>記録のつながりが途中で切れています。</source>
      <translation>The chain of the records is broken.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>最初に合わない記録は {id} です。管理者に知らせてください。</source>
      <translation>The first entry that does not fit is {id}. Tell the administrator.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>文書をコピーしました。格付して保護の画面に貼ると、元の文書になります。</source>
      <translation>The document was copied. Paste it in Classify and protect to make it a source.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>改ざんはありません。</source>
      <translation>No tampering found.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>{n}件すべてを確かめました。</source>
      <translation>All {n} entries were checked.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/ledger/page.py" />
      <source>書き出しました。</source>
      <translation>Exported.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>元の文書と作られた文書</source>
      <translation>Sources and what was made</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>図を保存する</source>
      <translation>Save the picture</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>戻る</source>
      <translation>Back</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>全体を見る</source>
      <translation>Show all</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>{n}件の文書</source>
      <translation>{n} documents</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>{n}%</source>
      <translation>{n}%</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>この文書の記録はここにありません。ほかの端末で決められたか、まだ開いていません。</source>
      <translation>There is no record of this document here. It was decided on another device, or has not been opened yet.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>{name}を中心に見る</source>
      <translation>Show {name} in the middle</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>{name}を開く</source>
      <translation>Open {name}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>図の保存先</source>
      <translation>Where to save the picture</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>図</source>
      <translation>Picture</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>選んだ文書</source>
      <translation>Chosen document</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>点線：記録にない文書・循環</source>
      <translation>Dashed: not in the records, or a cycle</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>縮小する</source>
      <translation>Zoom out</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>拡大する</source>
      <translation>Zoom in</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>この文書を中心に見る</source>
      <translation>Show this in the middle</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/page.py" />
      <source>格付して保護で開く</source>
      <translation>Open in Classify and protect</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/words.py" />
      <source>記録にない文書</source>
      <translation>Not in the records</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/words.py" />
      <source>不明（{id}）</source>
      <translation>Unknown ({id})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/words.py" />
      <source>この文書</source>
      <translation>This document</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/words.py" />
      <source>作られた文書</source>
      <translation>Made from it</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/words.py" />
      <source>作られた文書（{n}代後）</source>
      <translation>Made from it ({n} generations on)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/words.py" />
      <source>元の文書（{n}代前）</source>
      <translation>Sources ({n} generations back)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/words.py" />
      <source>決めた人</source>
      <translation>Decided by</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/words.py" />
      <source>渡した相手</source>
      <translation>Given to</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/words.py" />
      <source>場所</source>
      <translation>Place</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/lineage/words.py" />
      <source>文書番号</source>
      <translation>Document number</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/alerts.py" />
      <source>情報取扱いデスク</source>
      <translation>Information Handling Desk</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/drop.py" />
      <source>格付して保護するファイルを選ぶ</source>
      <translation>Choose files to label and protect</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/drop.py" />
      <source>まとめて格付するフォルダを選ぶ</source>
      <translation>Choose a folder to label</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/drop.py" />
      <source>ここにファイルを置く</source>
      <translation>Drop files here</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/drop.py" />
      <source>格付・付加情報・保護を
ひとつの画面で決めます</source>
      <translation>Decide label, hidden information
and protection on one screen</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/drop.py" />
      <source>ファイルを選ぶ</source>
      <translation>Choose files</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/drop.py" />
      <source>フォルダを選ぶ</source>
      <translation>Choose a folder</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>「{title}」 {day}まで（あと{n}日）</source>
      <translation>“{title}” until {day} ({n} days left)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>{day}までの許可「{title}」 — 期限を{n}日過ぎています</source>
      <translation>Permit until {day}: “{title}” – overdue by {n} days</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>{what}：終了を報告してください</source>
      <translation>{what}: report that it has ended</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>許可の申請が{n}件届いています</source>
      <translation>Requests for a permit: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>「{title}」：{note}</source>
      <translation>“{title}”: {note}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>格付の修正の指示が{n}件届いています</source>
      <translation>Orders to correct a label: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>確認を待つ格付が{n}件あります</source>
      <translation>Labels to review: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>「{title}」</source>
      <translation>“{title}”</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>申請への回答が{n}件届きました</source>
      <translation>Answers to your requests: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>口頭・書面の許可{n}件が、許可なしとされました</source>
      <translation>Oral or written permissions that were denied: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>取扱いを見直し、必要なら責任者に相談してください</source>
      <translation>Review what was done; consult the responsible person if needed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>終了の報告がない許可が{n}件あります</source>
      <translation>Permits without a report of the end: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>「決めた許可」で状況を確かめ、記録してください</source>
      <translation>Find out how they ended, and record it under “Decided”</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>サーバーが受け付けなかったものが{n}件あります</source>
      <translation>Not taken by the server: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>見る</source>
      <translation>See</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>期限の近い許可が{n}件あります</source>
      <translation>Permits that end soon: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>「{title}」の許可は終わりました</source>
      <translation>The permit for “{title}” has ended</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>報告する</source>
      <translation>Report</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>終了の報告が必要な許可が{n}件あります</source>
      <translation>Permits whose end must be reported: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>{names}ほか{n}人</source>
      <translation>{names} and {n} more</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>決める</source>
      <translation>Decide</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>申請した人：{who}</source>
      <translation>Asked by: {who}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>確認する</source>
      <translation>Confirm</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>決めた人：{who}</source>
      <translation>Decided by: {who}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>口頭・書面の許可が{n}件、確認を待っています</source>
      <translation>Oral or written permissions to confirm: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>記入のとおりに許可したかを答えてください</source>
      <translation>Say whether they were given as noted</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>「{title}」ほか{n}件</source>
      <translation>“{title}” and {n} more</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>記録を見る</source>
      <translation>See the records</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>期限の近い許可を見る</source>
      <translation>See the permits that end soon</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>許可の終了を報告する</source>
      <translation>Report the end of a permit</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>許可の申請を決める</source>
      <translation>Decide requests for permits</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>格付の修正の指示を見る</source>
      <translation>See the orders to correct labels</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>格付を確認する</source>
      <translation>Review labels</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>口頭・書面の許可を確認する</source>
      <translation>Confirm oral or written permissions</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>申請への回答を見る</source>
      <translation>See the answers to your requests</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>許可なしとされた記録を見る</source>
      <translation>See the records that were denied</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>終了の報告がない許可を見る</source>
      <translation>See the permits without a report of the end</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>受け付けられなかったものを見る</source>
      <translation>See what was not taken</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/due_permits.py" />
      <source>理由を確かめてください</source>
      <translation>See why</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>{day}まで（あと{n}日）</source>
      <translation>until {day} ({n} days left)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>新しい証明書を受け取り、宛先に取り込んでください</source>
      <translation>Ask for the new one and import it in the address book</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>締切 {day}（あと{n}日）</source>
      <translation>Due {day} ({n} days left)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>{total}問のうち{n}問</source>
      <translation>{n} of {total} questions</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>{name}の証明書の期限が切れます</source>
      <translation>The certificate of {name} expires</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>自分の証明書の期限が切れます</source>
      <translation>Your own certificate expires</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>{day}まで（過ぎています）</source>
      <translation>until {day} (passed)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>新しい証明書の発行を受け、相手に渡してください</source>
      <translation>Have a new one issued and hand it on</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>{name}の証明書を見る</source>
      <translation>See the certificate of {name}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>自分の鍵を見る</source>
      <translation>See your key</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>自己点検の進み具合</source>
      <translation>Progress of the self-check</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>続ける</source>
      <translation>Continue</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>始める</source>
      <translation>Begin</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>今日することはありません</source>
      <translation>Nothing to do today</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>ファイルを右に置くと、格付と保護を一つの画面で決められます。</source>
      <translation>Drop files at the right to decide label and protection on one screen.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>今日すること</source>
      <translation>To do today</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>締切 {day} を過ぎています</source>
      <translation>The deadline {day} has passed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>自己点検を{verb}</source>
      <translation>{verb} the self-check</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>最近の文書</source>
      <translation>Recent documents</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>まだありません。ファイルを置くとここに並びます。</source>
      <translation>None yet. Files that you drop are listed here.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>口頭・書面の許可で行った取扱いが{n}件あります</source>
      <translation>{n} documents were handled under an oral or written permission</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>課室情報セキュリティ責任者の確認を受けてください</source>
      <translation>Have it confirmed by the section's information security officer</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>相談して変えた格付が{n}件あります</source>
      <translation>{n} labels were changed after a consultation</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>相談したことについて、課室情報セキュリティ責任者の確認を受けてください</source>
      <translation>Have the responsible person of the section confirm that you consulted</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>公表済みとして扱います。要決定から除きました。</source>
      <translation>Treated as published. It no longer waits for a decision.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>格付が決まっていない文書が{n}件あります</source>
      <translation>{n} documents have no label yet</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>決めるまでは、要保護情報として取り扱います</source>
      <translation>Until decided they are handled as information to be protected</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>許可の記録を見る</source>
      <translation>Show the records of permits</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/home.py" />
      <source>相談の記録を見る</source>
      <translation>Show the records of consultations</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/nav.py" />
      <source>{name}（{n}件）</source>
      <translation>{name} ({n})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/notices.py" />
      <source>許可の申請が{n}件届いています。</source>
      <translation>Requests for a permit: {n}. </translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/notices.py" />
      <source>確認を待つ格付が{n}件あります。</source>
      <translation>Labels to review: {n}. </translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/notices.py" />
      <source>格付の修正の指示が{n}件届いています。</source>
      <translation>Orders to correct a label: {n}. </translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/notices.py" />
      <source>確認を待つ口頭・書面の許可が{n}件あります。</source>
      <translation>Oral or written permissions to confirm: {n}. </translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/notices.py" />
      <source>申請への回答が{n}件届きました。</source>
      <translation>Answers to your requests: {n}. </translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/notices.py" />
      <source>終了の報告が必要な許可が{n}件あります。</source>
      <translation>Permits whose end must be reported: {n}. </translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/notices.py" />
      <source>{days}日以内に期限が来る許可が{n}件あります。</source>
      <translation>Permits that end within {days} days: {n}. </translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/pills.py" />
      <source>押すと、今いる場所の申告を切り替えます。</source>
      <translation>Press to change where you declare to be.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/pills.py" />
      <source>ロック</source>
      <translation>Lock</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/pills.py" />
      <source>区域内（申告）</source>
      <translation>Inside the area (declared)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/pills.py" />
      <source>区域外</source>
      <translation>Outside the area</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/sidebar.py" />
      <source>まだありません</source>
      <translation>not yet</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/sidebar.py" />
      <source>最終同期 {when}</source>
      <translation>Last sync {when}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/sidebar.py" />
      <source>未送信 {n}件</source>
      <translation>Not sent: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/sidebar.py" />
      <source>設定</source>
      <translation>Settings</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/sidebar.py" />
      <source>画面の一覧</source>
      <translation>List of pages</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/sidebar.py" />
      <source>サーバーに届きません</source>
      <translation>Server not reached</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/sidebar.py" />
      <source>ホーム</source>
      <translation>Home</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/sidebar.py" />
      <source>申請・許可</source>
      <translation>Permits</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/sidebar.py" />
      <source>許可・確認</source>
      <translation>To decide</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/sidebar.py" />
      <source>保護と署名</source>
      <translation>Protect and sign</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/sidebar.py" />
      <source>宛先</source>
      <translation>Recipients</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/sidebar.py" />
      <source>自己点検</source>
      <translation>Self-check</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/sidebar.py" />
      <source>機密性3管理簿</source>
      <translation>C3 register</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/sidebar.py" />
      <source>同期できません。設定を見てください</source>
      <translation>No sync. See Settings</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/task.py" />
      <source>公表の準備をしています</source>
      <translation>Preparing for publishing</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/task.py" />
      <source>保存しています</source>
      <translation>Storing</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/task.py" />
      <source>保護しています</source>
      <translation>Protecting</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/task.py" />
      <source>格付を付けています</source>
      <translation>Giving the label</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/to_decide.py" />
      <source>{when}に見つかりました</source>
      <translation>Found on {when}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/to_decide.py" />
      <source>公表済みとして扱う</source>
      <translation>Treat as published</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/to_decide.py" />
      <source>{name}を公表済みとして扱う</source>
      <translation>Treat {name} as published</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/to_decide.py" />
      <source>{name}の格付を決める</source>
      <translation>Decide the label of {name}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/to_decide.py" />
      <source>まとめて決める</source>
      <translation>Decide all of them</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/to_decide.py" />
      <source>ほか{n}件</source>
      <translation>{n} more</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/window.py" />
      <source>前回から、誤ったパスフレーズが{n}回入力されました。</source>
      <translation>A wrong passphrase was entered {n} times since the last time.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/window.py" />
      <source>作業が終わってからロックします。</source>
      <translation>It will be locked when the work is finished.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/main/window.py" />
      <source>作業を中止しています。今のファイルが終わりしだい閉じます。</source>
      <translation>Stopping the work. The window closes when the present file is finished.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/opening/page.py" />
      <source>開き方</source>
      <translation>How to open</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/opening/page.py" />
      <source>開いて取り出す</source>
      <translation>Open and take out</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/opening/page.py" />
      <source>一覧を空にする</source>
      <translation>Empty the list</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/opening/page.py" />
      <source>カードの暗証番号（PIN）</source>
      <translation>PIN of the card</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/opening/page.py" />
      <source>鍵ファイルのパスワード</source>
      <translation>Password of the key file</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/opening/page.py" />
      <source>開くファイルを選ぶ</source>
      <translation>Choose the files to open</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/opening/page.py" />
      <source>保護したファイルを開く</source>
      <translation>Open protected files</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/opening/page.py" />
      <source>自分の鍵を選んでください。</source>
      <translation>Choose your key.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/opening/page.py" />
      <source>自分の鍵</source>
      <translation>My key</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/opening/page.py" />
      <source>鍵のパスワード</source>
      <translation>Password of the key</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/opening/page.py" />
      <source>パスワードを入力してください。</source>
      <translation>Enter the password.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/opening/page.py" />
      <source>改ざんがないことを確かめてから取り出します。元のファイルは変わりません。</source>
      <translation>It is taken out after it was proven unchanged. The files stay as they are.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/opening/task.py" />
      <source>開いて確かめています</source>
      <translation>Opening and checking</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/opening/task.py" />
      <source>ほかのファイルを開く</source>
      <translation>Open other files</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>{day}に合意（{way}で伝達、{n}日前）</source>
      <translation>Agreed on {day} (told {way}, {n} days ago)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>最後に使った日 {day}</source>
      <translation>Last used on {day}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>まだ使っていません</source>
      <translation>Not used yet</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>替える時期です</source>
      <translation>Time for a new one</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>通知書を書く</source>
      <translation>Write a slip</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>消す</source>
      <translation>Drop</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>伝える方法</source>
      <translation>How it is told</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>メールで伝える理由</source>
      <translation>Reason to tell it by mail</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>パスワードを作って合意する</source>
      <translation>Make a password and agree it</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>ファイルとは別の方法で伝えます。送ったファイルと同じメールには書きません。</source>
      <translation>Tell it another way than the file goes, never in the same mail.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>記録しました。相手に伝えてください。</source>
      <translation>Kept. Now tell it to the recipient.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>パスワード通知書の名前</source>
      <translation>Name of the slip</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>パスワード通知書.pdf</source>
      <translation>Password slip.pdf</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>通知書を書きました：{name}</source>
      <translation>The slip was written: {name}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>合意したパスワードを消す</source>
      <translation>Drop the agreed password</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>合意したパスワード</source>
      <translation>Agreed password</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>新しいパスワードに替える</source>
      <translation>Take a new password</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/card.py" />
      <source>まだ合意していません。</source>
      <translation>None is agreed yet.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/phone.py" />
      <source>電話での伝え方</source>
      <translation>What to say on the telephone</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/phone.py" />
      <source>読み上げる文</source>
      <translation>Text to read out</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/phone.py" />
      <source>相手の名前を確かめてから、ゆっくり読みます。復唱してもらうと確かです。</source>
      <translation>Make sure who is on the line, then read slowly. Have it repeated to be certain.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/passwords/phone.py" />
      <source>周りの人に聞こえないところで電話してください。</source>
      <translation>Call from where nobody can listen.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/about.py" />
      <source>取扱い</source>
      <translation>Act</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/about.py" />
      <source>機器・サービス</source>
      <translation>Device or service</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/about.py" />
      <source>文書の種類</source>
      <translation>Kind of document</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/about.py" />
      <source>ファイルをここに置くか、「ファイルを加える」で選びます。</source>
      <translation>Drop files here, or choose them by “Add files”.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/about.py" />
      <source>許可を申請する文書を選ぶ</source>
      <translation>Choose the documents to ask a permit for</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/about.py" />
      <source>例：審査委員に渡す会議資料</source>
      <translation>For example: meeting papers for the reviewers</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/about.py" />
      <source>文書の種類を入れてください。</source>
      <translation>Enter the kind of document.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/about.py" />
      <source>文書を選んでください。</source>
      <translation>Choose a document.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/about.py" />
      <source>{name}を外す</source>
      <translation>Take {name} away</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/about.py" />
      <source>何をするか</source>
      <translation>What is to be done</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>オフラインでも申請できます。許可されるまでは、申請中のままです。　Ctrl+Enter：申請する</source>
      <translation>You can ask offline, too. Until it is granted, it stays a request.  Ctrl+Enter: ask</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>ここで選んだ措置を講じることを約束します。責任者は、ほかの措置も指定できます。</source>
      <translation>You promise to take the measures chosen here. The responsible person may designate others.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>{label}。「申請する」を押すと、格付して保護の画面で決めたこの格付を先に文書に付け、記録してから申請します（{ref}）。</source>
      <translation>{label}. “Ask” first gives the documents this label, as decided on the screen “Label and protect”, records it, and then asks ({ref}).</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>{label}。文書に付けました。</source>
      <translation>{label}. The documents have it now.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>いつから</source>
      <translation>From</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>いつまで</source>
      <translation>Until</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>必要とする理由</source>
      <translation>Why it is needed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>そのほかの措置</source>
      <translation>Other measures</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>複製の承認も求める（第10条第4項）</source>
      <translation>Ask for approval to copy, too (Art. 10-4)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>申請する</source>
      <translation>Ask</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>相手と期間</source>
      <translation>Recipients and period</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>複数のときは , で区切ります。@ から書くと、その組織の全員です。</source>
      <translation>Separate several by commas. Beginning with @ means everybody of that organisation.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>空欄は今日から</source>
      <translation>Empty: from today</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>空欄は方針の日数だけ</source>
      <translation>Empty: as policy says</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>責任者だけが読めるように暗号化して送ります。</source>
      <translation>It is encrypted for those responsible alone.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>何を、誰に、いつまで</source>
      <translation>What, to whom, until when</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>理由と措置</source>
      <translation>Reason and measures</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>1週間</source>
      <translation>1 week</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>1か月</source>
      <translation>1 month</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>3か月</source>
      <translation>3 months</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>期間</source>
      <translation>Period</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>渡す相手を入れてください。</source>
      <translation>Enter the recipients.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>終わりの日が始まりの日より前です。</source>
      <translation>The last day lies before the first.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>文書の格付</source>
      <translation>Label of the documents</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>期間を{text}にする</source>
      <translation>Set the period to {text}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/ask.py" />
      <source>講じる措置</source>
      <translation>Measures taken</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>責任者の確認を待っています。許可した人に伝えておくと早く確認されます。</source>
      <translation>It waits to be confirmed. Telling the person who gave it helps.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>サーバーの署名を確かめられません。この許可は使えません。</source>
      <translation>The server’s signature cannot be verified. This permit cannot be used.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>この端末の登録を外す前のものです。記録として残り、使うことはできません。</source>
      <translation>It is from before this device left its server: kept as a record, of no use any more.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>期間が終わりました。終了したことを報告してください。{ref}</source>
      <translation>The period is over. Report that it has ended. {ref}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>許可されるまでは、この取扱いはできません。</source>
      <translation>Until it is granted, this must not be done.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>この範囲の取扱いで、この許可が使われます。</source>
      <translation>This permit is used for what lies within it.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>指定された措置を講じるときに限り、この許可が使われます。</source>
      <translation>This permit is used only if the designated measures are taken.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>理由を確かめ、必要なら内容を改めて申請してください。</source>
      <translation>See the reason; change the request and ask again if needed.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>決定のないまま期間が終わりました。必要なら、新しい期間で申請してください。</source>
      <translation>The period ended without a decision. If you still need it, ask again for a new period.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>次の同期で送ります。許可されるまでは、この取扱いはできません。</source>
      <translation>It is sent with the next sync. Until it is granted, this must not be done.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>回答</source>
      <translation>Answer</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>終了の報告</source>
      <translation>Report of the end</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>終了を報告する</source>
      <translation>Report the end</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>終了を報告する…</source>
      <translation>Report the end…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>申請を取り下げる…</source>
      <translation>Withdraw the request…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>取り下げる</source>
      <translation>Withdraw</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>責任者が確認しました。</source>
      <translation>The responsible person has confirmed it.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>責任者は、このような許可をしていないと答えました。取扱いを見直してください。</source>
      <translation>The responsible person says that no such permission was given. Review what was done.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>口頭・書面の許可</source>
      <translation>Oral or written permissions</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>何を持ち帰り、何を消したか、など</source>
      <translation>What was brought back, what was erased, and so on</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>取り下げるのをやめる</source>
      <translation>Do not withdraw</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>この申請を取り下げますか。</source>
      <translation>Withdraw this request?</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/detail.py" />
      <source>終了の状況を書いてください。</source>
      <translation>Write how it ended.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/empty.py" />
      <source>設定を開く</source>
      <translation>Open Settings</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/empty.py" />
      <source>申請はまだありません</source>
      <translation>No requests yet</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/empty.py" />
      <source>「申請する」から始めるか、格付して保護の画面で「許可を申請する」を選びます。申請は、次の同期で課室情報セキュリティ責任者に届きます。</source>
      <translation>Begin with “Ask”, or with “Ask for a permit” where files are labelled and protected. A request reaches the responsible person of the division with the next sync.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/empty.py" />
      <source>設定を開いて登録する</source>
      <translation>Open Settings to enrol</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/empty.py" />
      <source>この端末は、省のサーバーに登録されていません</source>
      <translation>This device is not enrolled with the ministry’s server</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/empty.py" />
      <source>登録すると、ここから許可を申請し、回答を受け取れます。登録には、渡された番号を使います。</source>
      <translation>Once it is enrolled, permits are asked for and answers arrive here. Enrol with the code that you were given.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/measures_box.py" />
      <source>複数のときは、読点で区切ります</source>
      <translation>Separate several by commas</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/page.py" />
      <source>記録を書き出す</source>
      <translation>Export the records</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/page.py" />
      <source>申請・許可の種類</source>
      <translation>Kinds of requests</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/page.py" />
      <source>申請・許可の一覧</source>
      <translation>List of requests and permits</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/page.py" />
      <source>申請を取り下げました。</source>
      <translation>The request was withdrawn.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/page.py" />
      <source>終了を報告しました。次の同期で責任者に届きます。</source>
      <translation>The end was reported. It reaches those responsible with the next sync.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/page.py" />
      <source>許可の記録の書き出し先</source>
      <translation>Where to export the records of permits</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/page.py" />
      <source>新しく申請する</source>
      <translation>Make a new request</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/page.py" />
      <source>期限</source>
      <translation>Last day</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/page.py" />
      <source>選んだ申請</source>
      <translation>The chosen request</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/page.py" />
      <source>ここには何もありません。</source>
      <translation>There is nothing here.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/page.py" />
      <source>返事待ち</source>
      <translation>Waiting</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/page.py" />
      <source>有効</source>
      <translation>In force</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/page.py" />
      <source>要報告</source>
      <translation>To report</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/page.py" />
      <source>終了</source>
      <translation>Over</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/task.py" />
      <source>{name}：{cause}</source>
      <translation>{name}: {cause}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/task.py" />
      <source>今すぐ同期する</source>
      <translation>Sync now</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/task.py" />
      <source>申請・許可を見る</source>
      <translation>See the permits</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/task.py" />
      <source>次の同期で責任者に届きます。許可されるまでは、この取扱いはできません。</source>
      <translation>It reaches those responsible with the next sync. Until it is granted, this must not be done.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/task.py" />
      <source>申請しました</source>
      <translation>The request was made</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/task.py" />
      <source>申請中</source>
      <translation>Requested</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/task.py" />
      <source>送りました。回答が届くと「申請・許可」とホームで知らせます。</source>
      <translation>Sent. “Permits” and Home tell when an answer arrives.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/wish.py" />
      <source>端末やシステムを区域外に持ち出す</source>
      <translation>Carry a terminal or system out of the area</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/wish.py" />
      <source>支給以外の機器で処理する</source>
      <translation>Use a device not issued by the ministry</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/wish.py" />
      <source>区域外で使った端末を省内の回線につなぐ</source>
      <translation>Connect a terminal used outside to the ministry’s network</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/wish.py" />
      <source>機器を情報システムにつなぐ</source>
      <translation>Connect a device to an information system</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/wish.py" />
      <source>認められたもの以外のソフトウェアを使う</source>
      <translation>Use software that is not approved</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/wish.py" />
      <source>省外の情報システムを通信回線につなぐ</source>
      <translation>Connect an outside system to a line</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/wish.py" />
      <source>情報システムを省内の通信回線につなぐ</source>
      <translation>Connect a system to the ministry’s network</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/wish.py" />
      <source>約款による外部サービスを使う</source>
      <translation>Use an external service under general terms</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/wish.py" />
      <source>識別コードが要らなくなった（届出）</source>
      <translation>An account is no longer needed (notice)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/wish.py" />
      <source>文書ごと</source>
      <translation>By document</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/wish.py" />
      <source>種類ごと（包括許可）</source>
      <translation>By kind (blanket)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>題名・理由・措置が、はじめに伝えられたものと確かめられません。決定や確認はできません。</source>
      <translation>Titles, reason and measures cannot be shown to be those that were told first. This can be neither decided nor confirmed.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>{since}から{until}まで</source>
      <translation>{since} to {until}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>受付不可</source>
      <translation>Not taken</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>期限切れ（決定なし）</source>
      <translation>Expired (not decided)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>申請中（未送信）</source>
      <translation>Requested (unsent)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>決定（未送信）</source>
      <translation>Decided (unsent)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>取下げ（未送信）</source>
      <translation>Withdrawn (unsent)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>取消し（未送信）</source>
      <translation>Revoked (unsent)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>報告済（未送信）</source>
      <translation>Reported (unsent)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>許可</source>
      <translation>Granted</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>条件付許可</source>
      <translation>Granted, measures</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>却下</source>
      <translation>Refused</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>取下げ</source>
      <translation>Withdrawn</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>受理</source>
      <translation>Received</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>終了報告済</source>
      <translation>End reported</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>取消し</source>
      <translation>Revoked</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>返事なし（登録を外す前）</source>
      <translation>No answer (before leaving)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>{state}（登録を外す前）</source>
      <translation>{state} (before leaving)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>回答（未送信）</source>
      <translation>Answered (unsent)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>要確認（未送信）</source>
      <translation>To confirm (unsent)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>要確認</source>
      <translation>To confirm</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>確認済</source>
      <translation>Confirmed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>許可なしとの回答</source>
      <translation>Denied</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>題名を読めない文書（{id}）</source>
      <translation>Document of unreadable title ({id})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>包括：{kind}</source>
      <translation>Blanket: {kind}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>機密性{n}</source>
      <translation>Confidentiality {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>終了の報告は要りません</source>
      <translation>No report of the end is needed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>終了の報告がありません</source>
      <translation>The end was never reported</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>報告待ち</source>
      <translation>To report</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>期限切れ</source>
      <translation>Expired</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>{until}まで</source>
      <translation>until {until}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>取扱制限の許可</source>
      <translation>Restrictions permitted</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>複製</source>
      <translation>Copies</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>決めた日時</source>
      <translation>Decided at</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>指定された措置</source>
      <translation>Measures designated</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>終了報告</source>
      <translation>Report of the end</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>報告した人</source>
      <translation>Reported by</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>報告した日時</source>
      <translation>Reported at</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>終えた人</source>
      <translation>Ended by</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>終えた日時</source>
      <translation>Ended at</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>終えた理由</source>
      <translation>Why it ended</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>記入した人</source>
      <translation>Noted by</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>許可した人</source>
      <translation>Given by</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>許可の日</source>
      <translation>Given on</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>許可の方法</source>
      <translation>How given</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>記入した日時</source>
      <translation>Noted at</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>確認した人</source>
      <translation>Confirmed by</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>付記</source>
      <translation>Note</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>承認を含む（第10条第4項）</source>
      <translation>Approval included (Art. 10-4)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/permits/words.py" />
      <source>却下の理由</source>
      <translation>Why refused</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/how.py" />
      <source>提案</source>
      <translation>Proposed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/how.py" />
      <source>開けるもの</source>
      <translation>Opened by</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/how.py" />
      <source>短い鍵を使う、やむを得ない理由（第30条第1項）</source>
      <translation>Why a short key cannot be avoided (Art. 30-1)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/how.py" />
      <source>ファイル名も中に隠す</source>
      <translation>Hide the file name inside as well</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/how.py" />
      <source>宛先の人だけが、自分の鍵やカードで開けます。</source>
      <translation>Only the recipients open it, with their own key or card.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/how.py" />
      <source>推測できないパスワードを作り、通知書にも書きます。</source>
      <translation>A password that cannot be guessed is made and written on a slip.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/how.py" />
      <source>宛先と合意して記録してあるパスワードを使います。</source>
      <translation>The password agreed with the recipients is used.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/how.py" />
      <source>16文字以上で、ほかで使っていないものにしてください。</source>
      <translation>Use 16 characters or more, and none that you use elsewhere.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/how.py" />
      <source>宛先の「受け取れる方法」にありません。</source>
      <translation>It is not among what the recipients can receive.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/how.py" />
      <source>宛先の証明書</source>
      <translation>Certificate</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/how.py" />
      <source>作ったパスワード</source>
      <translation>Made password</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/page.py" />
      <source>保護する</source>
      <translation>Protect</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/page.py" />
      <source>保護するファイルを選ぶ</source>
      <translation>Choose the files to protect</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/page.py" />
      <source>宛先と方法</source>
      <translation>Recipients and method</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/page.py" />
      <source>開けるものを決めてください。</source>
      <translation>Decide what opens it.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/page.py" />
      <source>開けることを確かめてから渡します。原本は変わりません。</source>
      <translation>It is opened as a proof before you get it. Originals stay as they are.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/task.py" />
      <source>ほかのファイルを保護する</source>
      <translation>Protect other files</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/to.py" />
      <source>宛先のメールアドレス</source>
      <translation>Mail address of the recipient</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/to.py" />
      <source>宛先を加える</source>
      <translation>Add a recipient</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/to.py" />
      <source>証明書：{state}</source>
      <translation>Certificate: {state}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/to.py" />
      <source>氏名の一部でも、登録した宛先から選べます</source>
      <translation>A part of the name finds recipients of the address book</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/to.py" />
      <source>メールアドレスを入力してください。</source>
      <translation>Enter a mail address.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/to.py" />
      <source>{mail}を外す</source>
      <translation>Leave out {mail}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protect/to.py" />
      <source>登録なし</source>
      <translation>not in the book</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/page.py" />
      <source>進む</source>
      <translation>Continue</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>ファイルを見る</source>
      <translation>Look into files</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>付加情報を調べる</source>
      <translation>Look at hidden information</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>作成者名や変更履歴など、見えない情報を調べて取り除きます（第14条第7項）。</source>
      <translation>Finds what is not seen - author names, tracked changes and more - and removes it (Art. 14-7).</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>語句や範囲を、覆うのではなく内容から取り除きます。</source>
      <translation>Takes words and areas out of the content instead of covering them.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>保護して渡す</source>
      <translation>Protect and hand over</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>宛先の証明書かパスワードで暗号化します（第14条第1項・第2項）。</source>
      <translation>Encrypt for certificates of recipients or with a password (Art. 14-1, 14-2).</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>パスワードか自分の鍵で開き、改ざんがないことを確かめます。</source>
      <translation>Open with a password or your key, and prove that nothing was changed.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>電子署名</source>
      <translation>Signatures</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>電子署名を付ける</source>
      <translation>Sign</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>だれが認めたか、後で変えられていないかを示します（第14条第3項）。</source>
      <translation>Shows who approved it and that it was not changed since (Art. 14-3).</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>署名を確かめる</source>
      <translation>Verify signatures</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>署名者、日時、改ざんの有無を確かめます。</source>
      <translation>Checks who signed, when, and whether anything was changed.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>分けて送る</source>
      <translation>Send in parts</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>分割する</source>
      <translation>Split</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>暗号化して分割し、異なる経路で送ります（第14条第5項）。</source>
      <translation>Encrypts and splits a file, to be sent different ways (Art. 14-5).</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>結合する</source>
      <translation>Join</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>届いた部分を確かめ、元の文書に戻します。</source>
      <translation>Checks the parts that arrived and gives the document back.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>備える</source>
      <translation>Be prepared</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/protecting/ways.py" />
      <source>安全でなくなった暗号に印を付け、保護し直します（第30条第2項）。</source>
      <translation>Marks algorithms that are no longer safe and protects files anew (Art. 30-2).</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/certificates.py" />
      <source>証明書を取り込む</source>
      <translation>Import a certificate</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/certificates.py" />
      <source>証明書があれば、パスワードを伝えずに保護できます。ファイルをここに置いても取り込めます。</source>
      <translation>With a certificate there is no password to tell. You may also drop the file here.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/certificates.py" />
      <source>証明書</source>
      <translation>Certificates</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/certificates.py" />
      <source>発行：{name}</source>
      <translation>Issued by {name}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/certificates.py" />
      <source>指紋（SHA-256）</source>
      <translation>Fingerprint (SHA-256)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/certificates.py" />
      <source>電話で確かめた</source>
      <translation>Compared by phone</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/certificates.py" />
      <source>除く</source>
      <translation>Remove</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/certificates.py" />
      <source>失効していないかは、確かめられていません。</source>
      <translation>Whether it was revoked could not be told.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/certificates.py" />
      <source>{name}の指紋を電話で確かめた</source>
      <translation>Fingerprint of {name} compared by phone</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/certificates.py" />
      <source>証明書（{name}）を除く</source>
      <translation>Remove the certificate ({name})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/form.py" />
      <source>HTML ページ</source>
      <translation>HTML page</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/form.py" />
      <source>メールアドレス</source>
      <translation>Mail addresses</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/form.py" />
      <source>氏名</source>
      <translation>Name</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/form.py" />
      <source>機関・会社</source>
      <translation>Organisation</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/form.py" />
      <source>覚え書き</source>
      <translation>Note</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/form.py" />
      <source>相手のメールが、暗号化した添付ファイルを止める</source>
      <translation>Their mail stops encrypted attachments</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/form.py" />
      <source>宛先を除く</source>
      <translation>Remove the recipient</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/form.py" />
      <source>必須</source>
      <translation>required</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/form.py" />
      <source>宛先を保存する</source>
      <translation>Keep the recipient</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/form.py" />
      <source>新しい宛先</source>
      <translation>New recipient</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/form.py" />
      <source>受け取れる方法（分からなければ選ばない）</source>
      <translation>What they can receive (none if not known)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/model.py" />
      <source>省内・省外</source>
      <translation>Inside/outside</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/own_key.py" />
      <source>鍵ファイルを選ぶ</source>
      <translation>Choose a key file</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/own_key.py" />
      <source>カードを使う</source>
      <translation>Use a card</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/own_key.py" />
      <source>設定を消す</source>
      <translation>Forget it</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/own_key.py" />
      <source>覚えるのは場所だけです。鍵、パスワード、暗証番号は記録しません。</source>
      <translation>Only the place is kept: no key, no password, no PIN.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/own_key.py" />
      <source>鍵ファイル ({endings})</source>
      <translation>Key files ({endings})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/own_key.py" />
      <source>使うカード</source>
      <translation>Card to use</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/own_key.py" />
      <source>これを使う</source>
      <translation>Use this</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/own_key.py" />
      <source>自分の鍵の設定を消す</source>
      <translation>Forget which key is mine</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/own_key.py" />
      <source>まだ選んでいません</source>
      <translation>None chosen yet</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/own_key.py" />
      <source>証明書あての文書を開くときと、電子署名をするときに使います。</source>
      <translation>It opens what was protected for your certificate, and signs.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/own_key.py" />
      <source>鍵ファイル</source>
      <translation>Key file</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/own_key.py" />
      <source>カード：{name}</source>
      <translation>Card: {name}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/own_key.py" />
      <source>証明書は、初めて使うときに読みます。</source>
      <translation>Its certificate is read when it is first used.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/page.py" />
      <source>宛先を探す（氏名・機関・メール）</source>
      <translation>Find a recipient (name, organisation, mail)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/page.py" />
      <source>宛先の一覧</source>
      <translation>List of recipients</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/page.py" />
      <source>電話で確かめたので、取り込む</source>
      <translation>Import: compared by phone</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/page.py" />
      <source>証明書のファイルを選ぶ</source>
      <translation>Choose a file with certificates</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/page.py" />
      <source>証明書 ({endings})</source>
      <translation>Certificates ({endings})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/page.py" />
      <source>選んだ宛先</source>
      <translation>Chosen recipient</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/page.py" />
      <source>宛先を保存しました。</source>
      <translation>The recipient was kept.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/page.py" />
      <source>証明書を取り込みました。</source>
      <translation>The certificate was imported.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/page.py" />
      <source>宛先を除きました。</source>
      <translation>The recipient was removed.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/words.py" />
      <source>{day}まで</source>
      <translation>until {day}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/words.py" />
      <source>{state}（電話で確認済み）</source>
      <translation>{state} (compared by phone)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/words.py" />
      <source>RSA {bits} ビット</source>
      <translation>RSA {bits} bits</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/words.py" />
      <source>楕円曲線 {name}</source>
      <translation>Elliptic curve {name}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/words.py" />
      <source>なし</source>
      <translation>none</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/words.py" />
      <source>省内</source>
      <translation>inside</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/recipients/words.py" />
      <source>省外</source>
      <translation>outside</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/page.py" />
      <source>消す語句（1行に1つ）</source>
      <translation>Words to redact (one a line)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/page.py" />
      <source>見つかった箇所</source>
      <translation>Places found</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/page.py" />
      <source>見つける</source>
      <translation>Find</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/page.py" />
      <source>範囲を外す</source>
      <translation>Drop area</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/page.py" />
      <source>墨消しした写しを作る</source>
      <translation>Make redacted copies</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/page.py" />
      <source>探しています…</source>
      <translation>Searching…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/page.py" />
      <source>チェックのあるものを、写しから取り除いて黒くします。上から覆うのではありません。</source>
      <translation>What is checked is taken out of the copies and shown as black. Nothing is merely covered.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/page.py" />
      <source>墨消し</source>
      <translation>Redaction</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/page.py" />
      <source>消すもの</source>
      <translation>To redact</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/page.py" />
      <source>ページ</source>
      <translation>Page</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/page.py" />
      <source>見つけて消す個人情報など</source>
      <translation>Personal data to find</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/page.py" />
      <source>消す語句・個人情報・範囲を選んでください。</source>
      <translation>Choose words, personal data or areas to redact.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/page.py" />
      <source>付加情報も取り除きます。原本は変わりません。</source>
      <translation>Hidden information is removed too. Originals stay as they are.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/places.py" />
      <source>個人番号（マイナンバー）</source>
      <translation>My Number</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/places.py" />
      <source>旅券番号</source>
      <translation>Passport numbers</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/places.py" />
      <source>運転免許証の番号</source>
      <translation>Driving licence numbers</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/places.py" />
      <source>口座番号</source>
      <translation>Bank accounts</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/places.py" />
      <source>生年月日</source>
      <translation>Dates of birth</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/places.py" />
      <source>電話番号</source>
      <translation>Telephone numbers</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/places.py" />
      <source>住所</source>
      <translation>Addresses</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/places.py" />
      <source>法人番号</source>
      <translation>Corporate numbers</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/places.py" />
      <source>語句「{word}」</source>
      <translation>Word “{word}”</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/places.py" />
      <source>範囲（{area} mm）</source>
      <translation>Area ({area} mm)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/sheet.py" />
      <source>ページの見本</source>
      <translation>Picture of the page</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/sheet.py" />
      <source>見本</source>
      <translation>Picture</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/sheet.py" />
      <source>範囲（ページ, 左, 上, 幅, 高さ mm）</source>
      <translation>Area (page, left, top, width, height in mm)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/sheet.py" />
      <source>範囲を加える</source>
      <translation>Add area</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/sheet.py" />
      <source>マウスで囲むか、下に数字を入れて、消す範囲を加えます。</source>
      <translation>Draw around what to redact with the mouse, or type numbers below.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/sheet.py" />
      <source>前のページ</source>
      <translation>Previous page</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/sheet.py" />
      <source>次のページ</source>
      <translation>Next page</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/sheet.py" />
      <source>例：1, 20, 35, 80, 10</source>
      <translation>For example 1, 20, 35, 80, 10</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/sheet.py" />
      <source>この形式は、ページを表示できません。語句と検出で消します。</source>
      <translation>There is no picture of pages for this format. Redact by words and detection.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/sheet.py" />
      <source>5つの数字を , で区切って入れてください。</source>
      <translation>Type five numbers with commas between them.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/sheet.py" />
      <source>消す前</source>
      <translation>Before</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/sheet.py" />
      <source>消した後</source>
      <translation>After</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/redaction/task.py" />
      <source>墨消しをしています</source>
      <translation>Redacting</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>写し（{ref}）</source>
      <translation>Copies ({ref})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>経過</source>
      <translation>History</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>記載を直す…</source>
      <translation>Correct…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>写しを渡す…</source>
      <translation>Hand over a copy…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>消去・廃棄を記録する…</source>
      <translation>Record the erasure…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>所在</source>
      <translation>Where it lies</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>見てよい人</source>
      <translation>Who may access</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>返却の期限</source>
      <translation>To be returned by</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>承認（許可の番号など）</source>
      <translation>Approval (number of the permit)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>消去・廃棄の方法</source>
      <translation>How it was erased or destroyed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>記録する</source>
      <translation>Record</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>記録をやめる</source>
      <translation>Record nothing</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>この端末では、番号と状態だけを読めます。</source>
      <translation>This device can read numbers and states only.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>返却</source>
      <translation>Returned</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>入力してください。</source>
      <translation>Fill this in.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/entry.py" />
      <source>{number}の返却を記録する</source>
      <translation>Record that {number} was returned</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>管理簿を探す（題名・番号・所在・人）</source>
      <translation>Search the register (title, number, place, person)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>終わったものも示す</source>
      <translation>Show what is over, too</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>棚卸しをする</source>
      <translation>Take stock</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>機密性3情報管理簿の一覧</source>
      <translation>List of the C3 register</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>管理簿に記録しました。</source>
      <translation>Recorded in the register.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>返却を記録しました。</source>
      <translation>The return was recorded.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>消去・廃棄を記録しました。</source>
      <translation>The erasure was recorded.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>管理簿の書き出し先</source>
      <translation>Where to export the register</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>番号</source>
      <translation>Number</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>持っている人</source>
      <translation>Held by</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>選んだ記載</source>
      <translation>The chosen entry</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>機密性3情報管理簿</source>
      <translation>Register of confidentiality 3</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>{unit}の全員の分を示しています。</source>
      <translation>This shows what everybody of {unit} holds.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>自分が持つ分を示しています。</source>
      <translation>This shows what you hold.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>合うものはありません。</source>
      <translation>Nothing matches.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/page.py" />
      <source>機密性3と決めた文書は、自動でここに載ります。今はありません。</source>
      <translation>Documents of confidentiality 3 are entered here by themselves. There are none now.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/stock.py" />
      <source>行を選び、結果を押します。すべて選ぶには Ctrl+A を押します。</source>
      <translation>Choose rows and press a result. Ctrl+A chooses all.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/stock.py" />
      <source>棚卸しの一覧</source>
      <translation>List for stock-taking</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/stock.py" />
      <source>見つかった場所・探した所など（あった場合は不要）</source>
      <translation>Where it was found, or looked for (not if present)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/stock.py" />
      <source>棚卸しを記録する</source>
      <translation>Record the stock-taking</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/stock.py" />
      <source>{n}件の棚卸しを記録しました。</source>
      <translation>Stock-taking recorded: {n}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/stock.py" />
      <source>どこにあったか、どこを探したかを書いてください。</source>
      <translation>Write where it was, or where you looked.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/stock.py" />
      <source>まだ確かめていないもの：{n}件</source>
      <translation>Not checked yet: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/stock.py" />
      <source>すべて確かめました。「棚卸しを記録する」を押してください。</source>
      <translation>All are checked. Press “Record the stock-taking”.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/stock.py" />
      <source>棚卸し</source>
      <translation>Stock-taking</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/stock.py" />
      <source>機密性3情報管理簿（{ref}）</source>
      <translation>Register of confidentiality 3 ({ref})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/stock.py" />
      <source>{n}件を選んでいます</source>
      <translation>Chosen: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/stock.py" />
      <source>確かめるものはありません</source>
      <translation>There is nothing to check</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/stock.py" />
      <source>なかったもの：{names}。障害・事故等の報告をしてください。</source>
      <translation>Missing: {names}. Report them as an incident.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/words.py" />
      <source>{number}（仮）</source>
      <translation>{number} (provisional)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/words.py" />
      <source>要対応</source>
      <translation>Needs attention</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/words.py" />
      <source>未確認</source>
      <translation>Not checked</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/words.py" />
      <source>{day}までに返却</source>
      <translation>to be returned by {day}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/words.py" />
      <source>指定された場所</source>
      <translation>Designated place</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/words.py" />
      <source>記載した日</source>
      <translation>Entered on</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/register/words.py" />
      <source>終えた方法</source>
      <translation>How it ended</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/compared.py" />
      <source>{n}項目がちがいます。ちがうところに {sign} を付けています。</source>
      <translation>They differ in {n} points, marked by {sign}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/compared.py" />
      <source>{value}（{n}件）</source>
      <translation>{value} ({n})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/compared.py" />
      <source>文書のほかは、すべて同じです。</source>
      <translation>All is the same but the documents.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/compared.py" />
      <source>ちがう</source>
      <translation>Differs</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>課室情報セキュリティ責任者が、格付の見直しを指示しました（{ref}）。決め直すか、意見を送ります。</source>
      <translation>The responsible person of the division ordered to correct labels ({ref}). Decide anew, or say how you see it.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>意見（見直しが必要と考える理由）</source>
      <translation>How you see it, and why</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>意見を送る</source>
      <translation>Send</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>{name}について意見を送る</source>
      <translation>Send how you see {name}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>意見がある…</source>
      <translation>I see it otherwise…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>指示のとおりに決め直す</source>
      <translation>Decide anew as ordered</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>今の格付</source>
      <translation>Label now</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>指示</source>
      <translation>Ordered</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>指示の理由</source>
      <translation>Why</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>指示した人</source>
      <translation>Ordered by</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>指示の日時</source>
      <translation>Ordered at</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>{name}の指示に意見がある</source>
      <translation>See the order on {name} otherwise</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>{name}の格付を決め直す</source>
      <translation>Decide the label of {name} anew</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>格付の修正の指示</source>
      <translation>Orders to correct labels</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>修正の指示はありません。</source>
      <translation>There are no orders.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>要修正</source>
      <translation>To correct</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>意見を記録しました。</source>
      <translation>Your answer was recorded.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/corrections.py" />
      <source>次の同期で責任者に届き、もう一度確認されます。</source>
      <translation>It arrives with the next sync and is reviewed again.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decided.py" />
      <source>決めた許可の一覧</source>
      <translation>List of decisions</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decided.py" />
      <source>取り消す理由</source>
      <translation>Why it is revoked</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decided.py" />
      <source>許可を取り消す</source>
      <translation>Revoke the permit</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decided.py" />
      <source>確かめた終了の状況</source>
      <translation>How it ended, as found out</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decided.py" />
      <source>終了を確かめた</source>
      <translation>Record the end</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decided.py" />
      <source>申請した人</source>
      <translation>Asked by</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decided.py" />
      <source>取り消すと、次の同期から使えなくなります。本人に理由を知らせます。</source>
      <translation>Once revoked it cannot be used after the next sync. The person is told why.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decided.py" />
      <source>有効な許可を選ぶと、取り消せます。</source>
      <translation>A permit in force can be revoked when it is chosen.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decided.py" />
      <source>まだ何も決めていません</source>
      <translation>Nothing was decided yet</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decided.py" />
      <source>終了を記録しました。</source>
      <translation>The end was recorded.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decided.py" />
      <source>許可を取り消しました。</source>
      <translation>The permit was revoked.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decided.py" />
      <source>終了の確認（{ref}）</source>
      <translation>Finding out the end ({ref})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decided.py" />
      <source>本人の報告がないときは、状況を確かめて記録します。</source>
      <translation>Where the person does not report, find out and record it.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decision.py" />
      <source>Ctrl+A：すべて選ぶ　Ctrl+Enter：許可　Ctrl+Shift+Enter：却下</source>
      <translation>Ctrl+A: choose all  Ctrl+Enter: grant  Ctrl+Shift+Enter: refuse</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decision.py" />
      <source>そのほかに指定する措置</source>
      <translation>Other measures to designate</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decision.py" />
      <source>期限を早める</source>
      <translation>End it earlier</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decision.py" />
      <source>終了の報告を求めない</source>
      <translation>No report of the end is needed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decision.py" />
      <source>付記（却下のときは理由）</source>
      <translation>Note (reason if refused)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decision.py" />
      <source>許可する</source>
      <translation>Grant</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decision.py" />
      <source>却下する</source>
      <translation>Refuse</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decision.py" />
      <source>空欄は申請のとおり</source>
      <translation>Empty: as asked</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decision.py" />
      <source>{n}件を許可する</source>
      <translation>Grant {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decision.py" />
      <source>{n}件を却下する</source>
      <translation>Refuse {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decision.py" />
      <source>{day}より後にはできません。</source>
      <translation>It cannot be later than {day}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decision.py" />
      <source>却下の理由を書いてください。</source>
      <translation>Write why it is refused.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/decision.py" />
      <source>指定する措置（{ref}）</source>
      <translation>Measures to designate ({ref})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/label_words.py" />
      <source>根拠なし</source>
      <translation>No evidence</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/label_words.py" />
      <source>元の文書：{words}</source>
      <translation>Source: {words}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/label_words.py" />
      <source>相談：{words}</source>
      <translation>Consulted: {words}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/label_words.py" />
      <source>内容の変更：{words}</source>
      <translation>Changed: {words}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/label_words.py" />
      <source>受け継いだもの：{words}</source>
      <translation>Inherited: {words}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/label_words.py" />
      <source>引き下げ：{words}</source>
      <translation>Lowered: {words}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/label_words.py" />
      <source>同じ文のある文書：{words}</source>
      <translation>Same words as: {words}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/label_words.py" />
      <source>引き下げ</source>
      <translation>Lowered</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/label_words.py" />
      <source>相談して変更</source>
      <translation>Changed, consulted</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/label_words.py" />
      <source>これまで</source>
      <translation>So far</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>Ctrl+A：すべて選ぶ　Ctrl+Enter：妥当と認める　Ctrl+Shift+Enter：修正を指示</source>
      <translation>Ctrl+A: choose all  Ctrl+Enter: find valid  Ctrl+Shift+Enter: order a correction</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>格付の確認の一覧</source>
      <translation>List of labels to review</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>この端末では題名などを読めません。本人の次の同期の後に読めるようになります。</source>
      <translation>This device cannot read the title yet. It will after the person’s next sync.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>{name}のある場所を開く</source>
      <translation>Open where {name} lies</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>{n}件を妥当と認めました。</source>
      <translation>Found valid: {n}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>{n}件の修正を指示しました。</source>
      <translation>Ordered to correct: {n}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>決めた日</source>
      <translation>Decided</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>{n}件を妥当と認める</source>
      <translation>{n} are valid</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>妥当と認める</source>
      <translation>It is valid</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>{n}件の修正を指示する</source>
      <translation>Order to correct {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>修正を指示する</source>
      <translation>Order to correct</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>確認を待つ格付はありません</source>
      <translation>No labels to review</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>課室の職員が格付を決めると、次の同期でここに届きます。</source>
      <translation>What staff of the division decide arrives here with the next sync.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>あなたが決めた格付、または既に答えた格付です。</source>
      <translation>It is your own, or answered already.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>格付を選んでください</source>
      <translation>Choose a label</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/labels.py" />
      <source>{n}件の格付</source>
      <translation>Labels: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/noted.py" />
      <source>方法</source>
      <translation>How</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/noted.py" />
      <source>Ctrl+A：すべて選ぶ　Ctrl+Enter：確認した</source>
      <translation>Ctrl+A: choose all  Ctrl+Enter: confirm</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/noted.py" />
      <source>口頭・書面の許可の一覧</source>
      <translation>List of oral or written permissions</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/noted.py" />
      <source>付記（許可していないときは必須）</source>
      <translation>Note (needed if not given)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/noted.py" />
      <source>確認した</source>
      <translation>It was given</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/noted.py" />
      <source>許可していない</source>
      <translation>It was not given</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/noted.py" />
      <source>記入のとおりに許可したかを答えます。許可していないときは、本人に知らせます。</source>
      <translation>Say whether it was given as noted. If not, the person is told.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/noted.py" />
      <source>{n}件を確認しました。</source>
      <translation>Confirmed: {n}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/noted.py" />
      <source>{n}件の許可</source>
      <translation>Permissions: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/noted.py" />
      <source>職員が口頭・書面の許可を記入すると、次の同期でここに届きます。</source>
      <translation>What staff note arrives here with the next sync.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/noted.py" />
      <source>許可していないことについて、一言書いてください。</source>
      <translation>Write a word on why it was not given.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/noted.py" />
      <source>確認</source>
      <translation>Confirmation</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/noted.py" />
      <source>確認を待つ許可はありません</source>
      <translation>No permission waits to be confirmed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/noted.py" />
      <source>{n}件を、許可なしと答えました。</source>
      <translation>Denied: {n}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/order_form.py" />
      <source>改める格付を選んでいます。修正を指示するか、「そのまま」に戻してください。</source>
      <translation>Another label is chosen. Order the correction, or go back to “As it is”.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/order_form.py" />
      <source>取扱制限も改める</source>
      <translation>Change the restrictions, too</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/order_form.py" />
      <source>そのまま</source>
      <translation>As it is</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/order_form.py" />
      <source>複数のときは、読点で区切ります。空欄は制限なし</source>
      <translation>Separate several by commas. Empty: none</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/order_form.py" />
      <source>改める格付か取扱制限を選んでください。</source>
      <translation>Choose what is to be changed.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/order_form.py" />
      <source>指示の理由を書いてください。</source>
      <translation>Write why.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/order_form.py" />
      <source>修正を指示するとき（{ref}）</source>
      <translation>To order a correction ({ref})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/page.py" />
      <source>許可・確認の種類</source>
      <translation>Kinds of decisions</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/page.py" />
      <source>{posts} として決めます。</source>
      <translation>You decide as {posts}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/page.py" />
      <source>次の同期で本人に届きます。</source>
      <translation>It arrives with the next sync.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/page.py" />
      <source>許可の申請</source>
      <translation>Requests</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/page.py" />
      <source>格付の確認</source>
      <translation>Labels</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/page.py" />
      <source>決めた許可</source>
      <translation>Decided</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/page.py" />
      <source>あらかじめの決定</source>
      <translation>Standing decisions</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/requests.py" />
      <source>{who}　{unit}　{when}</source>
      <translation>{who}  {unit}  {when}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/requests.py" />
      <source>許可の申請の一覧</source>
      <translation>List of requests</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/requests.py" />
      <source>この申請は、あなたには決められません（自分の申請、または別の職の権限）。</source>
      <translation>You cannot decide this one (your own, or for another post).</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/requests.py" />
      <source>{n}件を許可しました。</source>
      <translation>Granted: {n}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/requests.py" />
      <source>許可の申請はありません</source>
      <translation>No requests wait</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/requests.py" />
      <source>職員が申請すると、次の同期でここに届きます。</source>
      <translation>What staff ask for arrives here with the next sync.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/requests.py" />
      <source>申請を選んでください</source>
      <translation>Choose a request</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/requests.py" />
      <source>{n}件の申請</source>
      <translation>Requests: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/requests.py" />
      <source>{n}件を却下しました。</source>
      <translation>Refused: {n}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/standing.py" />
      <source>措置</source>
      <translation>Measure</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/standing.py" />
      <source>決定</source>
      <translation>Decision</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/standing.py" />
      <source>あらかじめの決定の一覧</source>
      <translation>List of standing decisions</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/standing.py" />
      <source>選んだ決定を終える</source>
      <translation>End the chosen decision</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/standing.py" />
      <source>空欄はすべて。@ から書くと、その組織の全員です。</source>
      <translation>Empty: all. Beginning with @ means everybody of that organisation.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/standing.py" />
      <source>あらかじめ決める</source>
      <translation>Decide in advance</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/standing.py" />
      <source>あらかじめの決定はありません</source>
      <translation>No standing decisions</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/standing.py" />
      <source>検討する措置をあらかじめ決めておくと、職員は一件ずつ決めずに済みます。</source>
      <translation>Where a measure is decided in advance, staff need not decide each time.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/standing.py" />
      <source>決めました。次の同期で課室の全員に届きます。</source>
      <translation>Decided. It reaches the whole division with the next sync.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/standing.py" />
      <source>新しく決める</source>
      <translation>A new decision</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/standing.py" />
      <source>格付（選ばなければすべて）</source>
      <translation>Label (none chosen: all)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/review/standing.py" />
      <source>決定を終えました。</source>
      <translation>The decision was ended.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/answers.py" />
      <source>キー {n}</source>
      <translation>Key {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/aside.py" />
      <source>答えは提出するまで、あなただけが見られます。</source>
      <translation>Only you can see your answers until you hand them in.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/aside.py" />
      <source>設問の意味が変わったため、比べられません。</source>
      <translation>Not comparable: the meaning of the question has changed.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/aside.py" />
      <source>良い例：{text}</source>
      <translation>Good example: {text}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/aside.py" />
      <source>足りない例：{text}</source>
      <translation>Not enough: {text}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/aside.py" />
      <source>変更点：{text}</source>
      <translation>What changed: {text}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/aside.py" />
      <source>昨年度の回答はありません</source>
      <translation>No answer last year</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/aside.py" />
      <source>この設問について</source>
      <translation>About this question</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/aside.py" />
      <source>昨年度の回答</source>
      <translation>Last year's answer</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/page.py" />
      <source>戻る(&amp;B)</source>
      <translation>&amp;Back</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/page.py" />
      <source>次へ(&amp;N)</source>
      <translation>&amp;Next</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/page.py" />
      <source>あとで答える</source>
      <translation>Answer later</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/page.py" />
      <source>✓ 保存しました</source>
      <translation>✓ Saved</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/page.py" />
      <source>自己点検票の保存先</source>
      <translation>Where to save the self-check form</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/page.py" />
      <source>設問のまとまり</source>
      <translation>Sections</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/page.py" />
      <source>設問</source>
      <translation>Question</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/page.py" />
      <source>設問の説明</source>
      <translation>About the question</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/page.py" />
      <source>{total}問のうち{n}問に答えました</source>
      <translation>{n} of {total} questions answered</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/page.py" />
      <source>{total}問のうち{n}問目</source>
      <translation>Question {n} of {total}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/question.py" />
      <source>これから行うこと</source>
      <translation>What you will do</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/question.py" />
      <source>いつまでに（例：2027-01-31）</source>
      <translation>By when (e.g. 2027-01-31)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/question.py" />
      <source>今年度から</source>
      <translation>New this year</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/question.py" />
      <source>今年度から変更</source>
      <translation>Changed this year</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/question.py" />
      <source>これから行うことを書いてください。</source>
      <translation>Write what you will do.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/question.py" />
      <source>いつまでに行うかを書いてください。</source>
      <translation>Write by when you will do it.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/question.py" />
      <source>記録と違う答えです。理由を書いてください。</source>
      <translation>The answer differs from the records. Write the reason.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/question.py" />
      <source>記録からの提案：{what}</source>
      <translation>The records suggest: {what}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/question.py" />
      <source>{n}件の記録を見る</source>
      <translation>See the {n} records</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/review.py" />
      <source>問{n}　{text}</source>
      <translation>Q{n}　{text}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/review.py" />
      <source>提出する</source>
      <translation>Hand in</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/review.py" />
      <source>提出を取り下げる</source>
      <translation>Take back</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/review.py" />
      <source>自己点検票を書き出す</source>
      <translation>Export the form</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/review.py" />
      <source>問{n}</source>
      <translation>Q{n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/review.py" />
      <source>提出しました（{at}）</source>
      <translation>Handed in ({at})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/review.py" />
      <source>受付番号 {number}</source>
      <translation>Receipt {number}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/review.py" />
      <source>足りないもの</source>
      <translation>What is missing</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/review.py" />
      <source>あと{n}問です</source>
      <translation>{n} questions left</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/review.py" />
      <source>足りないものを選ぶと、その設問に移ります。</source>
      <translation>Choose one to go to its question.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/review.py" />
      <source>すべて答えました</source>
      <translation>All answered</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/review.py" />
      <source>内容を確かめて提出してください。締切までは取り下げられます。</source>
      <translation>Check and hand in. You can take it back until the deadline.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/review.py" />
      <source>提出される回答</source>
      <translation>Answers that are handed in</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/review.py" />
      <source>記録の件数や中身は送られません。下の回答と理由だけです。</source>
      <translation>No counts and no content of the records are sent: only the answers and reasons below.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/sections.py" />
      <source>{title}、{total}問のうち{n}問</source>
      <translation>{title}: {n} of {total} questions</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/sections.py" />
      <source>{n}/{total}</source>
      <translation>{n}/{total}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/selfcheck/sections.py" />
      <source>確認と提出</source>
      <translation>Review and hand in</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/appearance.py" />
      <source>配色</source>
      <translation>Colours</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/appearance.py" />
      <source>言語</source>
      <translation>Language</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/appearance.py" />
      <source>文字の大きさ</source>
      <translation>Text size</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/appearance.py" />
      <source>表示</source>
      <translation>Appearance</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/appearance.py" />
      <source>端末に合わせる</source>
      <translation>As the device</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/appearance.py" />
      <source>明るい</source>
      <translation>Light</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/appearance.py" />
      <source>暗い</source>
      <translation>Dark</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>鍵が知られたおそれがあるときに使います。記録の全体を新しい鍵で暗号化し直します。</source>
      <translation>For when the key may have been seen. Encrypts the whole store under a new key.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>今のパスフレーズ</source>
      <translation>Present passphrase</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>パスフレーズを変える</source>
      <translation>Change the passphrase</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>鍵の控えを作る</source>
      <translation>Back up the key</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>鍵を新しくする</source>
      <translation>Renew the key</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>控えの番号</source>
      <translation>Code of the backup</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>この番号を書き留め、控えのファイルとは別の場所に保管してください。番号はここにしか出ません。</source>
      <translation>Write this code down and keep it in another place than the backup file. It is shown nowhere else.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>書き留めました</source>
      <translation>I wrote it down</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>鍵の控えを置く場所</source>
      <translation>Where to put the backup of the key</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>記録の鍵</source>
      <translation>Key of the store</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>パスフレーズの変更</source>
      <translation>Change of passphrase</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>鍵の控え（第30条第4項）</source>
      <translation>Backup of the key (Art. 30-4)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>パスフレーズを忘れても、控えのファイルと番号があれば記録を開けます。</source>
      <translation>If the passphrase is forgotten, the backup file and its code open the store.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>鍵の更新（第30条第2項）</source>
      <translation>Renewal of the key (Art. 30-2)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>{day}に作りました。</source>
      <translation>Made on {day}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>まだ作っていません。</source>
      <translation>Not made yet.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>復旧用の証明書（SHA-256）：{hex}</source>
      <translation>Certificate for recovery (SHA-256): {hex}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>今のパスフレーズを入れてください。</source>
      <translation>Enter the present passphrase.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>パスフレーズを変えました。前のものでは開けません。</source>
      <translation>The passphrase was changed. The old one opens nothing.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>鍵を新しくしました。前の鍵の控えとバックアップは使えません。</source>
      <translation>The key is renewed. Backups of the old key and under it are of no use.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/keys.py" />
      <source>鍵の控え.json</source>
      <translation>key-backup.json</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/page.py" />
      <source>操作がないときにロックするまで</source>
      <translation>Time without input until it locks</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/page.py" />
      <source>良好</source>
      <translation>Good</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/page.py" />
      <source>あなたについてを保存する</source>
      <translation>Save who you are</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/page.py" />
      <source>あなたについて</source>
      <translation>About you</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/page.py" />
      <source>安全</source>
      <translation>Safety</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/page.py" />
      <source>診断</source>
      <translation>Diagnosis</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/page.py" />
      <source>この端末に残るもの</source>
      <translation>What stays on this device</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/page.py" />
      <source>{n}分</source>
      <translation>{n} min</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/page.py" />
      <source>保存しました。</source>
      <translation>Saved.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>送った記録はサーバーに、この端末の記録はここに残ります。申請や許可は、もう一度登録するまで見られません。</source>
      <translation>What was sent stays on the server, the records of this device stay here. Requests and permits cannot be seen until it is enrolled again.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>サーバーに届きません。記録はこの端末に残り、後で送られます。</source>
      <translation>The server cannot be reached. The records stay on this device and are sent later.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>登録の番号</source>
      <translation>Enrolment code</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>サーバーのアドレス</source>
      <translation>Address of the server</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>登録する</source>
      <translation>Enrol</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>職員の認証で登録する</source>
      <translation>Enrol by login</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>送るものを見る</source>
      <translation>See what is sent</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>送るもの</source>
      <translation>What is sent</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>届いたものを、ほかの画面を使っている間も知らせる</source>
      <translation>Tell what came while another window is used</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>種類と件数だけを知らせ、題名や理由は出しません。ロックしている間は知らせません。</source>
      <translation>Only kinds and numbers are told, never titles or reasons. Nothing is told while this is locked.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>登録を外す…</source>
      <translation>Leave the server…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>登録を外す</source>
      <translation>Leave the server</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>格付や措置の事実を送ります。申請や確認に要る題名・理由・場所は、責任者だけが読めるように暗号化して送ります。文書そのものは送りません。</source>
      <translation>Facts on labels and measures are sent. Titles, reasons and places that a request or a review needs are encrypted for those responsible alone. Documents themselves are never sent.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>サーバー</source>
      <translation>Server</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>登録した人</source>
      <translation>Person</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>課室</source>
      <translation>Division</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>職</source>
      <translation>Posts</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>渡された番号を、ハイフンの後まで入れます。</source>
      <translation>The whole code that you were given, with what stands behind the hyphen.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>認証をやめる</source>
      <translation>Stop the login</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>ブラウザーで認証してください。</source>
      <translation>Log in in the browser.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>省のサーバーとの同期</source>
      <translation>Sync with the ministry's server</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>登録を外すのをやめる</source>
      <translation>Stay enrolled</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>この端末は登録されていません。サーバーがなくても使えます。</source>
      <translation>This device is not enrolled. Everything works without a server.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>最終同期：{day}　未送信：{n}件</source>
      <translation>Last sync: {day}, not sent yet: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>アドレスを入れてください。</source>
      <translation>Enter the address.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>番号を入れてください。</source>
      <translation>Enter the code.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>この端末を登録しました。</source>
      <translation>This device is enrolled.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>番号がなくても、省の認証基盤が使えるときは登録できます。</source>
      <translation>Without a code, a login at the ministry’s provider enrols, too, where it is set up.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>この端末の登録を外しますか。</source>
      <translation>Let this device leave the server?</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>同期しました。</source>
      <translation>Synced.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>この端末の登録を外しました。</source>
      <translation>This device has left the server.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/sync.py" />
      <source>送るものはありません。</source>
      <translation>There is nothing to send.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/watching.py" />
      <source>{day}から</source>
      <translation>since {day}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/watching.py" />
      <source>{folder}を見守るのをやめる</source>
      <translation>Stop watching {folder}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/watching.py" />
      <source>選んだフォルダに新しく入った文書のうち、格付のないものをホームで知らせます。前からあるファイルは、使うときに決めます。</source>
      <translation>Of the documents that newly come into these folders, Home lists those without a label. Files that were there before are decided when they are used.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/watching.py" />
      <source>見守るフォルダを選ぶ</source>
      <translation>Choose a folder to watch</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/watching.py" />
      <source>見守るフォルダ</source>
      <translation>Watched folders</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/settings/watching.py" />
      <source>見守っているフォルダはありません。</source>
      <translation>No folder is watched.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/page.py" />
      <source>署名の理由（任意）</source>
      <translation>Reason (optional)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/page.py" />
      <source>署名する</source>
      <translation>Sign</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/page.py" />
      <source>PDFには、中に署名を付けます。ほかのファイルは変えず、横に署名（.p7s）を作ります。</source>
      <translation>A PDF gets its signature inside. Other files are left as they are; a signature (.p7s) is made beside them.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/page.py" />
      <source>元のファイルと同じフォルダ</source>
      <translation>In the folder of each file</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/page.py" />
      <source>署名するファイルを選ぶ</source>
      <translation>Choose files to sign</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/page.py" />
      <source>例：承認します</source>
      <translation>Example: approved</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/page.py" />
      <source>署名欄</source>
      <translation>Visible signature</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/page.py" />
      <source>（署名者）</source>
      <translation>(signer)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/page.py" />
      <source>鍵のパスワード又は暗証番号を入力してください。</source>
      <translation>Enter the password of the key or its PIN.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/page.py" />
      <source>原本は変わりません。署名した後は、格付や内容を変えられません。</source>
      <translation>The originals stay. After signing neither label nor content can be changed.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/place.py" />
      <source>PDFに署名欄を見せる</source>
      <translation>Show the signature in the PDF</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/place.py" />
      <source>署名欄の場所</source>
      <translation>Place of the visible signature</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/place.py" />
      <source>署名欄の見本</source>
      <translation>Preview of the visible signature</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/place.py" />
      <source>PDFを選ぶと、署名欄を見せられます。</source>
      <translation>With a PDF the signature can be shown on a page.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/place.py" />
      <source>見せなくても、署名はPDFの中に付きます。</source>
      <translation>The PDF is signed inside all the same when nothing is shown.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/place.py" />
      <source>左上</source>
      <translation>Top left</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/place.py" />
      <source>右上</source>
      <translation>Top right</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/place.py" />
      <source>左下</source>
      <translation>Bottom left</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/place.py" />
      <source>右下</source>
      <translation>Bottom right</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/place.py" />
      <source>このPDFは、ページを表示できません。</source>
      <translation>The pages of this PDF cannot be shown.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/place.py" />
      <source>四隅から選ぶか、ページの上で場所を押します。</source>
      <translation>Choose a corner, or click the place on the page.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/task.py" />
      <source>署名して確かめています</source>
      <translation>Signing and verifying</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/signing/task.py" />
      <source>ほかのファイルに署名する</source>
      <translation>Sign other files</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_page.py" />
      <source>{n}個のうち{have}個があります。</source>
      <translation>{have} of {n} parts are there. </translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_page.py" />
      <source>戻すのに要る数：{n}個</source>
      <translation>Needed: {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_page.py" />
      <source>組の番号 {set}</source>
      <translation>Set {set}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_page.py" />
      <source>書面は、PDF か、コードを写した PNG・JPEG を置くか、下に語を入力します。</source>
      <translation>For a sheet put its PDF or a PNG or JPEG of its code here, or type its words below.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_page.py" />
      <source>足りない部分：{missing}</source>
      <translation>Missing parts: {missing}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_page.py" />
      <source>入力した語</source>
      <translation>Typed words</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_page.py" />
      <source>{n}番目：{state}</source>
      <translation>Part {n}: {state}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_page.py" />
      <source>受け取った部分を選ぶ</source>
      <translation>Choose the parts that arrived</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_page.py" />
      <source>受け取った部分</source>
      <translation>Parts that arrived</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_page.py" />
      <source>部分のファイルは、そのまま残ります。</source>
      <translation>The files of the parts stay as they are.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_page.py" />
      <source>部分のファイルか、書面の画像を置いてください。</source>
      <translation>Put the files of the parts, or pictures of sheets, here.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_page.py" />
      <source>拡張子が .metipart のファイルを、ここに置いてください。</source>
      <translation>Put files that end in .metipart here.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_page.py" />
      <source>{n}番目</source>
      <translation>no. {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_page.py" />
      <source>戻せます。</source>
      <translation>They give the document back.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_result.py" />
      <source>分割したときの内容と一致することを確かめました（SHA-256）。</source>
      <translation>It was compared with what was split (SHA-256).</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/join_result.py" />
      <source>元の文書に戻しました</source>
      <translation>The document is back</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/page.py" />
      <source>分ける数</source>
      <translation>Number of parts</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/page.py" />
      <source>戻すのに要る数</source>
      <translation>Parts needed to give it back</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/page.py" />
      <source>それぞれの部分を、異なる経路で送ります（第14条第5項）。選んだ経路は記録します。</source>
      <translation>Each part goes a different way (Art. 14-5). The ways are recorded.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/page.py" />
      <source>原本は変わりません。戻せることを確かめてから、書き出します。</source>
      <translation>The original stays. That the parts give it back is proven before they are written.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/page.py" />
      <source>ファイルを置くか、「ファイルを選ぶ」で選んでください。</source>
      <translation>Put a file here, or choose one.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/page.py" />
      <source>分割するファイルを選ぶ</source>
      <translation>Choose the file to split</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/page.py" />
      <source>移送経路</source>
      <translation>Ways</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/page.py" />
      <source>どの{k}個からでも戻せます。それぞれのファイルは、元と同じくらいの大きさになります。</source>
      <translation>Any {k} of them give it back. Each file is about as large as the original.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/page.py" />
      <source>一つでも欠けると戻せません。一つだけでは、内容も名前も分かりません。</source>
      <translation>All of them are needed. One alone tells neither content nor name.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/page.py" />
      <source>{n}個</source>
      <translation>{n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/page.py" />
      <source>全部</source>
      <translation>All</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/page.py" />
      <source>一つなくなっても戻せる</source>
      <translation>One may be lost</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/result.py" />
      <source>ほかのファイルを分割する</source>
      <translation>Split another file</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/result.py" />
      <source>{n}個に分割しました</source>
      <translation>Split into {n} parts</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/result.py" />
      <source>移送経路は未定</source>
      <translation>Way not chosen</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/routes.py" />
      <source>{n}番目の部分</source>
      <translation>Part {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/routes.py" />
      <source>{name}の移送経路</source>
      <translation>{name}: way</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/routes.py" />
      <source>{name}の区別</source>
      <translation>{name}: which one</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/routes.py" />
      <source>区別（書留、使者など）</source>
      <translation>Which one (registered, …)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/task.py" />
      <source>分割しています</source>
      <translation>Splitting</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/task.py" />
      <source>結合しています</source>
      <translation>Joining</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/words.py" />
      <source>{n}番目の語（{line}行目）が違います。</source>
      <translation>Word {n} (line {line}) is not right. </translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/words.py" />
      <source>{n}語（{of}語で全部です）</source>
      <translation>{n} words ({of} are all)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/words.py" />
      <source>{line}行目に、誤りがあります。</source>
      <translation>There is a mistake in line {line}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/words.py" />
      <source>書面の語</source>
      <translation>Words of the sheet</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/words.py" />
      <source>この語を加える</source>
      <translation>Add these words</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/words.py" />
      <source>書面の語を入力する</source>
      <translation>Type the words of a sheet</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/words.py" />
      <source>番号は入力しなくてかまいません。空白か改行で区切ります。</source>
      <translation>Numbers may be left out. Put spaces or line ends between words.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/words.py" />
      <source>まだ入力されていません</source>
      <translation>Nothing typed yet</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/splitting/words.py" />
      <source>「{word}」ではありませんか。</source>
      <translation>Is it “{word}”?</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>予期しない問題が起きました（{kind}）。</source>
      <translation>An unexpected problem occurred ({kind}).</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>元のファイルは変わっていません。もう一度お試しください。</source>
      <translation>The original files are unchanged. Please try again.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>電子署名あり</source>
      <translation>Digitally signed</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>パスワード保護あり</source>
      <translation>Password-protected</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>古い形式</source>
      <translation>Old format</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>未決定</source>
      <translation>Undecided</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>{n}ページ</source>
      <translation>page {n}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>ヘッダー</source>
      <translation>header</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>フッター</source>
      <translation>footer</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>本文</source>
      <translation>body text</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>冒頭</source>
      <translation>beginning</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>ファイル名</source>
      <translation>file name</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>（{place}）</source>
      <translation> ({place})</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>「{text}」{place}{times}</source>
      <translation>“{text}”{place}{times}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>{what}。</source>
      <translation>{what}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>元の文書「{ref}」から受け継ぎます。</source>
      <translation>Inherited from the source “{ref}”.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>元の文書「{ref}」は、格付が決まっていません。</source>
      <translation>The source “{ref}” has no label yet.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>この文書は{what}と決定されています。</source>
      <translation>This document is decided as {what}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>文書に「{ref}」と表示されています{place}。</source>
      <translation>The document is marked “{ref}”{place}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>ほかの製品の分類「{ref}」が付いています{place}。</source>
      <translation>Another product's classification “{ref}” is set{place}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>ほかの製品の分類「{ref}」は方針になく、格付が決まりません。</source>
      <translation>The policy does not know the classification “{ref}” of another product, so that the label stays undecided.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>取扱記録では、この文書は{what}です。</source>
      <translation>By the handling records this document is {what}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>　ほか{n}か所</source>
      <translation>  and {n} more</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/strings.py" />
      <source>方針により{what}を提案します。</source>
      <translation>Policy proposes {what}.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/verifying/card.py" />
      <source>分かりません</source>
      <translation>Not known</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/verifying/card.py" />
      <source>時刻認証局</source>
      <translation>Time stamp authority</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/verifying/card.py" />
      <source>署名のファイル</source>
      <translation>Signature file</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/verifying/task.py" />
      <source>署名のあるPDFか、署名のファイル（.p7s）とその対象を、ここに置いてください。</source>
      <translation>Drop a signed PDF here, or a signature file (.p7s) together with the file it signs.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/verifying/task.py" />
      <source>ネットワークには問い合わせません。</source>
      <translation>Nobody on the network is asked.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/verifying/task.py" />
      <source>確かめています…</source>
      <translation>Verifying…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/verifying/task.py" />
      <source>確かめるファイルを選ぶ</source>
      <translation>Choose files to verify</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/verifying/task.py" />
      <source>署名を確かめた結果</source>
      <translation>Signatures found</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/verifying/task.py" />
      <source>署名の対象：{name}</source>
      <translation>Signed file: {name}</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/first_run.py" />
      <source>この端末の鍵束（キーリング）にも鍵を預ける</source>
      <translation>Keep the key in this device's key ring too</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/first_run.py" />
      <source>区域内ではパスフレーズなしで開けます。区域外では必ずパスフレーズが要ります。</source>
      <translation>Inside the area it opens without the passphrase. Outside the passphrase is always needed.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/first_run.py" />
      <source>格付を決めた人として、記録と依頼書に書かれます。</source>
      <translation>Written into records and requests as the person who decided the label.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/first_run.py" />
      <source>保管庫のパスフレーズ</source>
      <translation>Passphrase of the store</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/first_run.py" />
      <source>忘れると記録を開けません。紙に書くときは、鍵のかかる場所に置いてください。</source>
      <translation>Without it the records cannot be opened. If you write it down, keep the paper locked away.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/first_run.py" />
      <source>情報取扱いデスクへようこそ</source>
      <translation>Welcome to the Information Handling Desk</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/first_run.py" />
      <source>文書の格付・保護・取扱いの記録を、この端末の暗号化した保管庫に残します。</source>
      <translation>Labels, protection and the records of handling are kept in an encrypted store on this device.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/first_run.py" />
      <source>はじめに</source>
      <translation>Getting started</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/passphrase.py" />
      <source>パスフレーズ</source>
      <translation>Passphrase</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/passphrase.py" />
      <source>パスフレーズ（もう一度）</source>
      <translation>Passphrase (again)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/passphrase.py" />
      <source>{n}文字以上。いくつかの単語を並べると覚えやすく強くなります。</source>
      <translation>{n} characters or more. Several words in a row are easy to remember and strong.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/passphrase.py" />
      <source>{n}文字以上にしてください。</source>
      <translation>Use {n} characters or more.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/passphrase.py" />
      <source>二つのパスフレーズが違います。</source>
      <translation>The two passphrases differ.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/person_form.py" />
      <source>職名（例：係長）</source>
      <translation>Post (e.g. section chief)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/person_form.py" />
      <source>所属（例：商務情報政策局 総務課）</source>
      <translation>Unit (e.g. General Affairs Division)</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/person_form.py" />
      <source>氏名を書いてください。</source>
      <translation>Write your name.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/unlock.py" />
      <source>この端末の鍵束で開く</source>
      <translation>Open with this device's key ring</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/unlock.py" />
      <source>パスフレーズを忘れたとき</source>
      <translation>If the passphrase is forgotten</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/unlock.py" />
      <source>区域外では、鍵束だけでは開けません。</source>
      <translation>Outside the area the key ring alone does not open it.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/unlock.py" />
      <source>開いています…</source>
      <translation>Opening…</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/unlock.py" />
      <source>パスフレーズを入れてください。</source>
      <translation>Enter the passphrase.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/unlock.py" />
      <source>ロック中</source>
      <translation>Locked</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/unlock.py" />
      <source>ロックされています</source>
      <translation>It is locked</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/unlock.py" />
      <source>パスフレーズを入れると、続きから始められます。</source>
      <translation>Enter the passphrase to go on where you were.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/way_back.py" />
      <source>鍵の控えのファイル</source>
      <translation>Backup file of the key</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/way_back.py" />
      <source>控えで開く</source>
      <translation>Open by the backup</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/way_back.py" />
      <source>選ぶ</source>
      <translation>Choose</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/way_back.py" />
      <source>鍵の控えを選ぶ</source>
      <translation>Choose the backup of the key</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/way_back.py" />
      <source>書き留めた30文字です。</source>
      <translation>The 30 letters that you wrote down.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/way_back.py" />
      <source>控えのファイルを選んでください。</source>
      <translation>Choose the backup file.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/way_back.py" />
      <source>控えの番号を入れてください。</source>
      <translation>Enter the code of the backup.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/way_back.py" />
      <source>控えのファイルと番号で開き、新しいパスフレーズを決めます。</source>
      <translation>Opens the store by the backup file and its code, and sets a new passphrase.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/welcome/way_back.py" />
      <source>新しいパスフレーズ</source>
      <translation>New passphrase</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/widgets/days.py" />
      <source>日付を「11月30日」のように入れてください。</source>
      <translation>Enter the day as 2026-11-30.</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/widgets/strength.py" />
      <source>推測されにくさ</source>
      <translation>Resistance to guessing</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/widgets/strength.py" />
      <source>とても弱い：すぐに推測されます</source>
      <translation>Very weak: guessed at once</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/widgets/strength.py" />
      <source>弱い：短い時間で推測されます</source>
      <translation>Weak: guessed in a short time</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/widgets/strength.py" />
      <source>ふつう：もう少し長くしてください</source>
      <translation>Fair: make it a little longer</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/widgets/strength.py" />
      <source>強い</source>
      <translation>Strong</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/widgets/strength.py" />
      <source>とても強い</source>
      <translation>Very strong</translation>
    </message>
    <message>
      <location filename="../meti_desk/ui/widgets/strength.py" />
      <source>推測されにくさ：{word}</source>
      <translation>Resistance to guessing: {word}</translation>
    </message>
  </context>
</TS>
